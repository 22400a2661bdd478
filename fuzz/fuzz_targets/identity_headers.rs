#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| sddl_authz_fuzz::identity_headers(data));
