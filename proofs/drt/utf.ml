(* Strings: UTF-8 here, units of UTF-16 in conditions. No string here has a character above U+07FF. *)

let units text =
  let code i = Char.code text.[i] in
  let rec from i =
    if i >= String.length text then []
    else if code i < 0x80 then code i :: from (i + 1)
    else (((code i land 0x1f) lsl 6) lor (code (i + 1) land 0x3f)) :: from (i + 2) in
  from 0

(* The upper case of the units in the universe: ASCII, and from à to ö. *)
let upper unit = if (unit >= 0x61 && unit <= 0x7a) || (unit >= 0xe0 && unit <= 0xf6) then unit - 0x20 else unit
