(** Central access policies: src/check/central.rs and src/central_policy/mod.rs.

    The interface, for whoever runs the model:
    - a [rule] has the condition that says to which objects it applies, the effective DACL, and the staged
      one;
    - [scope facts knowable k] says whether a rule with the condition [k] applies. [facts true] are the
      facts with deny-only groups and claims, [facts false] those without, and [knowable] says which facts
      a directory may know;
    - [named] is what the SACL says: no policy, or the policy of some number. The first entry counts that
      names a policy and is not inherit-only;
    - [check_with_policies scope_of recovery q named policies] is the decision. The question [q] must have
      [q_evaluates_policies]. The decision does not depend on staged DACLs. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Values Conditions.
Import ListNotations.
Local Open Scope N_scope.

(** * To which objects a rule applies *)

Inductive applies_to :=
  | Always                  (* it has no condition *)
  | ScopeTrue | ScopeFalse | ScopeUnknown
  | ScopeUndetermined       (* it depends on facts that are not known *)
  | NotEvaluated.           (* the condition may be true, and nobody can know *)

(** A rule applies only if its condition is true. A condition that compares too large sets counts as true. *)
Definition scope_in (knowable : unknown_fact -> bool) (r : result) : applies_to :=
  let v := values_possible r in
  if too_large r then NotEvaluated
  else if is_certain v then
    match truth_of_verdict v with TrueT => ScopeTrue | FalseT => ScopeFalse | UnknownT => ScopeUnknown end
  else if negb (can_true v) then ScopeUnknown
  else if existsb knowable (unknown_facts r) then ScopeUndetermined
  else NotEvaluated.

(** How surely a rule applies. *)
Definition strength (a : applies_to) : N :=
  match a with
  | Always | ScopeTrue | NotEvaluated => 2
  | ScopeUndetermined => 1
  | ScopeFalse | ScopeUnknown => 0
  end.

(** The condition is evaluated with deny-only groups and without them. The rule applies if either says so. *)
Definition scope (fold : N -> N) (facts : bool -> environment) (knowable : unknown_fact -> bool)
    (k : option program) : applies_to :=
  match k with
  | None => Always
  | Some p =>
    let with_deny_only := scope_in knowable (evaluate fold MAX_SET_WORK (facts true) p) in
    let without := scope_in knowable (evaluate fold MAX_SET_WORK (facts false) p) in
    if strength without <=? strength with_deny_only then with_deny_only else without
  end.

Definition may_apply (a : applies_to) : bool :=
  match a with ScopeFalse | ScopeUnknown => false | _ => true end.

(** * The rights that a rule leaves *)

Definition all_rights : grants := {| g_certain := everything; g_possible := everything |}.
Definition no_rights : grants := {| g_certain := 0; g_possible := 0 |}.
Definition both (a b : grants) : grants :=
  {| g_certain := inter (g_certain a) (g_certain b); g_possible := inter (g_possible a) (g_possible b) |}.

(** The rights that a rule leaves which applies like this, and whose DACL grants these. *)
Definition limit_by (a : applies_to) (g : grants) : grants :=
  match a with
  | Always | ScopeTrue | NotEvaluated => g
  | ScopeFalse | ScopeUnknown => all_rights
  | ScopeUndetermined => {| g_certain := g_certain g; g_possible := everything |}
  end.

Section Policies.
Variable condition : Type.

(** The rights that a check grants, if nothing refuses beforehand. *)
Definition grants_of (q : question condition) : grants := grants_of_passes q (after_pass q).

Record rule := {
  rule_applies_to : option condition;
  effective : list (ace condition);
  staged : option (list (ace condition)) }.

(** A policy and its number; the policies of a machine. *)
Record policy := { policy_number : N; rules : list rule }.

Inductive named_policy := NoPolicy | Names (number : N).

Section Question.
Variable scope_of : option condition -> applies_to.
Variable recovery : rule.
Variable q : question condition.

(** The question about the object with this DACL in place of its own. A rule is about the whole object. *)
Definition with_dacl (es : list (ace condition)) : question condition :=
  let d := q_descriptor q in
  {| q_descriptor := {| owner := owner d; has_group := has_group d; dacl := Some es; sacl := sacl d |};
     q_caller := q_caller q; q_desired := q_desired q; q_options := q_options q; q_part := None;
     q_evaluates_policies := q_evaluates_policies q; q_verdict := q_verdict q |}.

(** The rights that a DACL grants in place of the object's. *)
Definition granted_by (es : list (ace condition)) : grants :=
  match refusal (with_dacl es) with Some _ => no_rights | None => grants_of (with_dacl es) end.

(** The rights that one rule leaves, and those that all of them leave. *)
Definition rule_grants (r : rule) : grants :=
  let a := scope_of (rule_applies_to r) in
  if may_apply a then limit_by a (granted_by (effective r)) else all_rights.
Definition rules_grants (rs : list rule) : grants :=
  fold_left (fun g r => both g (rule_grants r)) rs all_rights.

(** The decision if the object grants some rights, and the rules leave some. *)
Definition decide_under (object left : grants) : decision :=
  match decide (req q) object with
  | Allow _ | Refuse _ _ Undetermined =>
    match decide (req q) (both object left) with
    | Refuse g m NotGranted => Refuse g m CentralPolicy
    | d => d
    end
  | alone => alone
  end.

(** The rules of the policy with this number. A policy without rules is not found, and then the recovery
    policy decides. *)
Definition rules_for (number : N) (ps : list policy) : list rule :=
  let is_it p := (policy_number p =? number) && match rules p with [] => false | _ => true end in
  match find is_it ps with Some p => rules p | None => [recovery] end.

Definition check_with_rules (rs : list rule) : decision :=
  match refusal q with
  | Some why => refused (req q) why
  | None => decide_under (grants_of q) (rules_grants rs)
  end.

(** The decision. An empty list says that the machine has no policies; then what the object names has no
    effect. *)
Definition check_with_policies (named : named_policy) (ps : list policy) : decision :=
  match named, ps with
  | NoPolicy, _ | _, [] => check q
  | Names number, _ => check_with_rules (rules_for number ps)
  end.
End Question.

(** The rule for objects whose policy the machine does not have: Administrators and the system keep access,
    and the entry for Owner Rights leaves the owner nothing. *)
Definition recovery_rule (administrators local_system : sid) : rule :=
  let allow s m := {| a_kind := KAllow; a_callback := false; a_inherit_only := false; a_mask := m;
    a_trustee := Some s; a_object := None; a_data := NoData |} in
  {| rule_applies_to := None;
     effective := [allow OwnerRights 0; allow administrators SPECIFIC_AND_STANDARD;
                   allow local_system SPECIFIC_AND_STANDARD];
     staged := None |}.
End Policies.

Arguments rule_applies_to {condition}. Arguments effective {condition}. Arguments staged {condition}.
Arguments policy_number {condition}. Arguments rules {condition}.
Arguments grants_of {condition}. Arguments with_dacl {condition}. Arguments granted_by {condition}.
Arguments rule_grants {condition}.
Arguments rules_grants {condition}. Arguments decide_under {condition}. Arguments rules_for {condition}.
Arguments check_with_rules {condition}. Arguments check_with_policies {condition}.
Arguments recovery_rule {condition}.
