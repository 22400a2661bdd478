(** The facts that conditions ask for: src/check/environment.rs, src/check/sacl.rs, src/caller/claims.rs. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Values Conditions.
Import ListNotations.
Local Open Scope N_scope.

(** The claims and device groups of a caller, besides its groups. *)
Record claims := {
  user_claims : list (text * claim);
  device_claims : list (text * claim);
  local_claims : list (text * claim);
  claims_complete : bool;
  device_groups : list sid }.

Section Facts.
Variable fold : N -> N.
Variable c : caller.
Variable known : claims.
Variable resource : list (text * claim).     (* the resource attributes of the object *)
Variable for_deny : bool.

Definition named (name : text) (l : list (text * claim)) : list claim :=
  map snd (filter (fun pair => list_eqb N.eqb (map fold (fst pair)) (map fold name)) l).

(** Whether a claim counts: not if it is disabled, and in an Allow not if it is for Deny entries alone. *)
Definition counts (k : claim) : bool := negb (claim_disabled k) && (for_deny || negb (claim_deny_only k)).

(** A claim of the caller that does not count is absent. *)
Definition of_caller (l : list (text * claim)) (name : text) : lookup :=
  match named name l with
  | k :: _ => if counts k then Found k else AbsentAttribute
  | [] => if claims_complete known then AbsentAttribute else UnknownAttribute
  end.

(** A resource attribute that does not count is unknown. So is one that is there twice, or that repeats a
    value. *)
Definition of_resource (name : text) : lookup :=
  match named name resource with
  | [] => AbsentAttribute
  | [k] => if repeats fold (case_sensitive k) (values_of k) then UnknownAttribute
           else if counts k then Found k else UnknownAttribute
  | _ => UnknownAttribute
  end.

Definition membership_in (who : subject) (s : sid) : membership :=
  match who with
  | UserSubject => membership_of c s
  | DeviceSubject =>
    if is_stand_in s then NotHeld
    else if holds (device_groups known) s then Enabled
    else if groups_complete c || is_container_sid s then NotHeld
    else UnknownMember
  end.

(** A group for Deny entries alone is neither held nor not held in an Allow. *)
Definition facts : environment :=
  {| attribute := fun class =>
       match class with
       | LocalClass => of_caller (local_claims known)
       | UserClass => of_caller (user_claims known)
       | DeviceClass => of_caller (device_claims known)
       | ResourceClass => of_resource
       end;
     is_member := fun who s =>
       match membership_in who s with
       | Enabled => TrueT
       | DenyOnly => if for_deny then TrueT else UnknownT
       | NotHeld => FalseT
       | UnknownMember => UnknownT
       end |}.

(** Whether a fact can become known: a resource attribute never, and a group only if the caller's groups are
    not complete. *)
Definition is_knowable (f : unknown_fact) : bool :=
  match f with
  | UnknownClaim class _ => match class with ResourceClass => false | _ => true end
  | UnknownGroup who s => match membership_in who s with UnknownMember => true | _ => false end
  end.

(** The truth values that a condition can have when all that can be known is known. *)
Definition verdict_of (p : program) : verdict :=
  let r := evaluate fold MAX_SET_WORK facts p in
  if is_certain (values_possible r) || negb (existsb is_knowable (unknown_facts r))
  then certain (truth_of_verdict (values_possible r))
  else values_possible r.
End Facts.
