(** Masks of rights, as in src/mask/. *)
From Coq Require Import NArith.
Local Open Scope N_scope.

Definition mask := N.
Definition everything : mask := N.ones 32.
Definition union : mask -> mask -> mask := N.lor.
Definition inter : mask -> mask -> mask := N.land.
Definition diff : mask -> mask -> mask := N.ldiff.
Definition complement (m : mask) : mask := diff everything m.
Definition is_empty (m : mask) : bool := m =? 0.
Definition intersects (a b : mask) : bool := negb (is_empty (inter a b)).
Definition contains (a b : mask) : bool := inter a b =? b.

Definition DELETE : mask := 0x10000.
Definition READ_CONTROL : mask := 0x20000.
Definition WRITE_DAC : mask := 0x40000.
Definition WRITE_OWNER : mask := 0x80000.
Definition SYNCHRONIZE : mask := 0x100000.
Definition ACCESS_SYSTEM_SECURITY : mask := 0x1000000.
Definition MAXIMUM_ALLOWED : mask := 0x2000000.
Definition GENERIC_ALL : mask := 0x10000000.
Definition GENERIC_EXECUTE : mask := 0x20000000.
Definition GENERIC_WRITE : mask := 0x40000000.
Definition GENERIC_READ : mask := 0x80000000.
Definition GENERIC : mask := 0xf0000000.
Definition SPECIFIC_AND_STANDARD : mask := 0x1fffff.

(** The rights of an owner without an entry. *)
Definition OWNER_IMPLICIT : mask := union READ_CONTROL WRITE_DAC.

(** The rights that MAXIMUM_ALLOWED asks for. *)
Definition GRANTABLE : mask := complement (union (union GENERIC MAXIMUM_ALLOWED) ACCESS_SYSTEM_SECURITY).
