(** The state of each right during a check, as in src/check/state.rs. *)
From Coq Require Import NArith.
From Sddl Require Import Masks.
Local Open Scope N_scope.

Inductive bit_state := Granted | Denied | MayBeGranted | MayBeDenied.

(** A step of a check puts some rights into a state. *)
Definition effect : Type := bit_state * mask.

Record access_state := { open : mask; may_granted : mask; may_denied : mask }.

Definition start (wanted : mask) : access_state := {| open := wanted; may_granted := 0; may_denied := 0 |}.

(** [AccessState::apply_bits]: only open rights change. *)
Definition apply_bits (s : access_state) (e : effect) : access_state :=
  let touched := inter (open s) (snd e) in
  {| open := match fst e with Granted | Denied => diff (open s) touched | _ => open s end;
     may_granted :=
       match fst e with Granted | MayBeGranted => union (may_granted s) touched | _ => may_granted s end;
     may_denied :=
       match fst e with Denied | MayBeDenied => union (may_denied s) touched | _ => may_denied s end |}.

Definition apply_effect (s : access_state) (e : option effect) : access_state :=
  match e with Some x => apply_bits s x | None => s end.

(** The rights that are certainly granted; those of [may_granted] are granted, or may be. *)
Definition granted (s : access_state) : mask := diff (diff (may_granted s) (may_denied s)) (open s).
