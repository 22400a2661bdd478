(** The truth of conditions, as in src/condition/truth.rs and src/check/environment.rs. *)
From Coq Require Import Bool.

Inductive truth := TrueT | FalseT | UnknownT.

(** The truth values that a condition can have, given the facts that are known. *)
Record verdict := { can_true : bool; can_false : bool; can_unknown : bool }.

Definition certain (t : truth) : verdict :=
  match t with
  | TrueT => {| can_true := true; can_false := false; can_unknown := false |}
  | FalseT => {| can_true := false; can_false := true; can_unknown := false |}
  | UnknownT => {| can_true := false; can_false := false; can_unknown := true |}
  end.

Definition can_be (v : verdict) (t : truth) : bool :=
  match t with TrueT => can_true v | FalseT => can_false v | UnknownT => can_unknown v end.

Inductive applies := Yes | No | Maybe.

(** [EntryEnvironment::applies]: if the condition is neither true nor false, a Deny applies and an Allow does
    not. *)
Definition judged (for_deny : bool) (v : verdict) : applies :=
  match can_true v, can_false v, can_unknown v with
  | true, false, false => Yes
  | false, true, false => No
  | false, false, true => if for_deny then Yes else No
  | t, f, _ => if for_deny then (if f then Maybe else Yes) else (if t then Maybe else No)
  end.
