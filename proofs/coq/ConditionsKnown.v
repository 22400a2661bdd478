(** If every fact that a condition asks for is known, the condition has one value. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Values Conditions ConditionsTruth ConditionsLearning.
Import ListNotations.
Local Open Scope N_scope.

(** * A condition that asked for no unknown fact has one value *)

Definition has_one_value (v : verdict) : Prop := exists t, v = certain t.

(** An operand that depends on no unknown fact. *)
Definition is_known (o : option operand) : Prop :=
  match o with
  | Some (Attribute _ UnknownAttribute) => False
  | Some (Result v _) => has_one_value v
  | _ => True
  end.

(** While nothing unknown was asked for, no operand depends on an unknown fact, and no operator may fail. *)
Definition settled (s : state) : Prop := asked s = [] -> may_fail s = false /\ Forall is_known (stack s).

Lemma one_value_plain (negated : bool) v : has_one_value v -> is_known (Some (plain negated v)).
Proof. intros [t ->]. destruct negated; cbn; [exists (truth_not t); destruct t|exists t]; reflexivity. Qed.

Lemma one_value_junction (conjunction : bool) v w : has_one_value v -> has_one_value w ->
  has_one_value (if conjunction then verdict_and v w else verdict_or v w).
Proof.
  intros [t ->] [u ->]. destruct conjunction.
  - exists (truth_and t u). apply certain_and.
  - exists (truth_or t u). apply certain_or.
Qed.

Section Known.
Variable fold : N -> N.
Variable limit : N.
Variable e : environment.

Lemma settled_push o s : settled s -> is_known (Some o) -> settled (push o s).
Proof.
  intros S O A. destruct (S A) as [M F]. split; [exact M|].
  cbn. constructor; [|exact F]. destruct (_ <? _); [exact O|exact Logic.I].
Qed.

Lemma settled_pop s : settled s -> settled (snd (pop s)) /\ (asked s = [] -> is_known (fst (pop s))).
Proof.
  intros S. unfold settled, pop in *. destruct (stack s) as [|o os] eqn:E; cbn.
  - split; [exact S|]. intros _. exact Logic.I.
  - split; intros A; destruct (S A) as [M F]; inversion F; subst; auto.
Qed.

Lemma asked_pop s : asked (snd (pop s)) = asked s.
Proof. unfold pop. destruct (stack s); reflexivity. Qed.

Lemma settled_fail s : settled s -> settled (fail s).
Proof. exact (fun S => S). Qed.

Lemma settled_ask facts s : settled s -> settled (ask facts s).
Proof. intros S A. apply S. apply app_eq_nil in A. apply A. Qed.

Lemma settled_push_result r s : settled s -> (asked s = [] -> is_known r) -> settled (push_result r s).
Proof.
  intros S R. destruct r as [o|]; cbn.
  - intros A. apply settled_push; auto.
  - apply settled_push; [exact S|]. exists UnknownT. reflexivity.
Qed.

Lemma known_verdict o v : is_known (Some o) -> verdict_of_operand o = Some v -> has_one_value v.
Proof.
  destruct o as [class [c| |]|vs|w n]; cbn; try contradiction; try discriminate.
  - intros _ [= <-]. eexists. reflexivity.
  - intros _ [= <-]. exists UnknownT. reflexivity.
  - intros K [= <-]. exact K.
Qed.

Lemma known_existence o v : is_known (Some o) -> existence o = Some v -> has_one_value v.
Proof.
  destruct o as [class [c| |]|vs|w n]; cbn; try contradiction; try discriminate; destruct class;
    try discriminate.
  all: intros _ [= <-]; try destruct (values_of _).
  all: first [exists TrueT; reflexivity | exists FalseT; reflexivity | exists UnknownT; reflexivity].
Qed.

Lemma known_relation r l l' m n : is_known (Some l) -> is_known (Some m) ->
  seen_of l = Some l' -> seen_of m = Some n ->
  let '(res, can_fail, _) := test_relation fold limit r l' n in
  can_fail = false /\ match res with Some v => has_one_value v | None => True end.
Proof.
  intros KL KM L M.
  assert (N : forall o o', is_known (Some o) -> seen_of o = Some o' -> o' <> Missing).
  { intros [class [c| |]|vs|w k] o' K; cbn in *; try contradiction; try discriminate; intros [= <-].
    - destruct (values_of c); discriminate.
    - discriminate.
    - discriminate. }
  apply (N _ _ KL) in L. apply (N _ _ KM) in M. unfold test_relation.
  destruct (asks_for_nothing r n); [split; [reflexivity|exists FalseT; reflexivity]|].
  destruct l' as [vl| |], n as [vr| |]; try congruence; try (split; [reflexivity|exists UnknownT;
    reflexivity]).
  destruct (relation_holds fold limit r vl vr) as [t|]; (split; [reflexivity|]); [exists t;
    reflexivity|exact Logic.I].
Qed.

Lemma known_memberships who one groups : forall v, has_one_value v ->
  snd (memberships e who one groups v) = [] ->
  match fst (memberships e who one groups v) with Some w => has_one_value w | None => True end.
Proof.
  induction groups as [|g groups IH]; intros v V; cbn [memberships]; [intros _; exact V|].
  destruct g as [|t|s|b|b]; try (intros _; exact Logic.I).
  cbn [fst snd]. intros A. apply app_eq_nil in A. destruct A as [A B].
  apply IH; [|exact B].
  assert (W : has_one_value (member_verdict e who s)).
  { unfold member_unknown in A. unfold member_verdict.
    destruct (is_member e who s); [exists TrueT|exists FalseT|discriminate]; reflexivity. }
  apply (one_value_junction (negb one) _ _ V) in W. destruct one; exact W.
Qed.

Lemma known_membership who one o : snd (test_membership e who one o) = [] ->
  match fst (test_membership e who one o) with Some w => has_one_value w | None => True end.
Proof.
  destruct o as [|vs|]; try (intros _; exact Logic.I).
  destruct vs as [c|v|[|v l]]; try (intros _; exact Logic.I).
  all: apply known_memberships; eexists; reflexivity.
Qed.

Lemma settled_one op o s : settled s -> (asked s = [] -> is_known (Some o)) -> takes_two op = false ->
  settled (operate_on_one e op o s).
Proof.
  intros S O T. unfold operate_on_one, takes_two in *.
  destruct (kind_of_operator op) as [r negated|who one negated|negated|conjunction|]; try discriminate.
  - pose proof (known_membership who one o) as K.
    destruct (test_membership e who one o) as [res facts]; cbn [fst snd] in K.
    apply settled_push_result; [apply settled_ask, S|].
    cbn. intros A. apply app_eq_nil in A. destruct A as [_ A]. specialize (K A).
    destruct res; [apply one_value_plain, K|exact Logic.I].
  - apply settled_push_result; [exact S|]. intros A. specialize (O A).
    destruct (existence o) as [v|] eqn:E; [|exact Logic.I].
    apply one_value_plain, (known_existence o); assumption.
  - apply settled_push_result; [exact S|]. intros A. specialize (O A).
    destruct (verdict_of_operand o) as [v|] eqn:E; [|exact Logic.I].
    destruct (known_verdict _ _ O E) as [t ->]. exists (truth_not t). apply certain_not.
Qed.

Lemma settled_two op l r s : settled s ->
  (asked s = [] -> is_known (Some l)) -> (asked s = [] -> is_known (Some r)) ->
  settled (operate_on_two fold limit op l r s).
Proof.
  intros S L R. unfold operate_on_two.
  destruct (kind_of_operator op) as [rel negated|who one negated|negated|conjunction|]; try exact S.
  - destruct (seen_of l) as [l'|] eqn:EL; [|apply settled_push_result; [exact S|intros _; exact Logic.I]].
    destruct (seen_of r) as [r'|] eqn:ER; [|apply settled_push_result; [exact S|intros _; exact Logic.I]].
    pose proof (fun A => known_relation rel l l' r r' (L A) (R A) EL ER) as K.
    destruct (test_relation fold limit rel l' r') as [[res can_fail] is_cut].
    apply settled_push_result.
    + intros A. destruct (S A) as [M F], (K A) as [C _]. cbn. rewrite M, C. split; [reflexivity|exact F].
    + intros A. destruct (K A) as [_ V]. destruct res; [apply one_value_plain, V|exact Logic.I].
  - apply settled_push_result; [exact S|]. intros A. unfold junction.
    pose proof (known_verdict l) as VL. pose proof (known_verdict r) as VR.
    destruct (verdict_of_operand l) as [v|]; [|exact Logic.I].
    destruct (verdict_of_operand r) as [w|]; [|exact Logic.I].
    apply one_value_plain. destruct (_ && _); [exists UnknownT; reflexivity|].
    apply one_value_junction; [apply VL|apply VR]; auto.
Qed.

Lemma settled_step s t : settled s -> settled (step fold limit e s t).
Proof.
  intros S. destruct t as [v|members|class name|op]; cbn [step].
  - apply settled_push; [exact S|exact Logic.I].
  - apply settled_push; [exact S|exact Logic.I].
  - destruct (attribute e class name); try (apply settled_push; [exact S|exact Logic.I]).
    intros A. cbn in A. apply app_eq_nil in A. destruct A as [_ A]. discriminate.
  - unfold operate. destruct (settled_pop s S) as [S1 K1]. rewrite <- asked_pop in K1.
    destruct (pop s) as [[last|] s1]; cbn [fst snd] in *;
      [|apply settled_push_result; [exact S1|intros _; exact Logic.I]].
    destruct (takes_two op) eqn:T; [|apply settled_one; assumption].
    destruct (settled_pop s1 S1) as [S2 K2]. rewrite <- asked_pop in K1, K2.
    destruct (pop s1) as [[first|] s2]; cbn [fst snd] in *;
      [|apply settled_push_result; [exact S2|intros _; exact Logic.I]].
    apply settled_two; assumption.
Qed.

(** A condition that asked for no unknown fact has one value. *)
Theorem nothing_unknown_is_certain p : unknown_facts (evaluate fold limit e p) = [] ->
  has_one_value (values_possible (evaluate fold limit e p)).
Proof.
  assert (Start : settled begin) by (intros _; split; [reflexivity|constructor]).
  assert (S : forall ts s, settled s -> settled (fold_left (step fold limit e) ts s))
    by (induction ts as [|t ts IH]; intros s S; [exact S|apply IH, settled_step, S]).
  cbn. intros A.
  assert (T : settled (run_tokens fold limit e p))
    by (unfold run_tokens; destruct (bytes_left p); [apply settled_fail|]; apply S, Start).
  destruct (T A) as [M _]. destruct (settled_pop _ T) as [_ K]. specialize (K A).
  unfold finish. destruct (fst (pop (run_tokens fold limit e p))) as [o|]; [|exists UnknownT; reflexivity].
  destruct (verdict_of_operand o) as [v|] eqn:E; [|exists UnknownT; reflexivity].
  destruct (failed _); [exists UnknownT; reflexivity|]. rewrite M. apply (known_verdict o); assumption.
Qed.
End Known.

(** * What follows *)

(** An environment in which nothing is unknown: what was unknown is absent, and not a member. *)
Definition completed (e : environment) : environment :=
  {| attribute class name :=
       match attribute e class name with UnknownAttribute => AbsentAttribute | known => known end;
     is_member who s := match is_member e who s with UnknownT => FalseT | known => known end |}.

Lemma completed_learns e : learns e (completed e).
Proof.
  split; intros; cbn.
  - destruct (attribute e class name); auto.
  - destruct (is_member e who s); auto.
Qed.

Lemma completed_is_known e f : ~ is_unknown (completed e) f.
Proof.
  destruct f as [class name|who s]; cbn.
  - destruct (attribute e class name); discriminate.
  - destruct (is_member e who s); discriminate.
Qed.

Section Consequences.
Variable fold : N -> N.
Variable limit : N.

(** Once all facts are known that the condition asked for, it has one value, whatever else is unknown. *)
Theorem named_facts_are_enough e e' p : learns e e' ->
  (forall f, In f (unknown_facts (evaluate fold limit e p)) -> ~ is_unknown e' f) ->
  has_one_value (values_possible (evaluate fold limit e' p)).
Proof.
  intros L H. apply nothing_unknown_is_certain.
  destruct (unknown_facts (evaluate fold limit e' p)) as [|f fs] eqn:E; [reflexivity|].
  destruct (learning_asks_less fold limit e e' L p f) as [I U]; [rewrite E; left; reflexivity|].
  destruct (H f I U).
Qed.

(** A condition always has a value. *)
Theorem always_a_value e p : inhabited (values_possible (evaluate fold limit e p)).
Proof.
  destruct (named_facts_are_enough e (completed e) p (completed_learns e)) as [t T].
  - intros f _. apply completed_is_known.
  - exists t. apply (learning_narrows fold limit e (completed e) (completed_learns e)).
    rewrite T. apply certain_can_be. reflexivity.
Qed.

(** A value that is certain stays, whatever the unknown facts turn out to be. *)
Theorem certain_stays e e' p t : learns e e' -> values_possible (evaluate fold limit e p) = certain t ->
  values_possible (evaluate fold limit e' p) = certain t.
Proof.
  intros L T. apply narrows_certain; [apply always_a_value|].
  rewrite <- T. apply learning_narrows, L.
Qed.
End Consequences.
