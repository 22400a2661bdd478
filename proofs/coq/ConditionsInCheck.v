(** Conditions in a check: law 11 for checks whose conditions are evaluated, and what an unknown condition
    does. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Effects Knowing Values Conditions ConditionsTruth ConditionsLearning.
From Sddl Require Import ConditionsKnown ConditionsLaws Facts.
Import ListNotations.
Local Open Scope N_scope.

(** * Only the facts that a condition asks for matter *)

Section Local.
Variable fold : N -> N.
Variable limit : N.
Variables e e' : environment.
Hypothesis L : learns e e'.

Lemma member_local who s : (forall f, In f (member_unknown e who s) -> is_unknown e' f) ->
  is_member e' who s = is_member e who s.
Proof.
  intros H. destruct (learns_member _ _ L who s) as [U|U]; [|exact U].
  rewrite U. apply (H (UnknownGroup who s)). unfold member_unknown. rewrite U. left. reflexivity.
Qed.

Lemma memberships_local who one groups : forall v,
  (forall f, In f (snd (memberships e who one groups v)) -> is_unknown e' f) ->
  memberships e' who one groups v = memberships e who one groups v.
Proof.
  induction groups as [|g groups IH]; intros v H; [reflexivity|].
  destruct g as [|t|s|b|b]; try reflexivity. cbn [memberships] in *. cbn [snd] in H.
  assert (M : is_member e' who s = is_member e who s)
    by (apply member_local; intros f F; apply H, in_app_iff; left; exact F).
  unfold member_verdict, member_unknown in *. rewrite M. rewrite IH; [reflexivity|].
  intros f F. apply H, in_app_iff. right. exact F.
Qed.

Lemma asked_push_result o s : asked (push_result o s) = asked s.
Proof. destruct o; reflexivity. Qed.

Lemma step_local t s : (forall f, In f (asked (step fold limit e s t)) -> is_unknown e' f) ->
  step fold limit e' s t = step fold limit e s t.
Proof.
  destruct t as [v|members|class name|op]; try reflexivity; cbn [step]; intros H.
  - destruct (learns_attribute _ _ L class name) as [U|U]; [|rewrite U; reflexivity].
    rewrite U in *. assert (K : is_unknown e' (UnknownClaim class name)).
    { apply H. cbn. apply in_app_iff. right. left. reflexivity. }
    cbn in K. rewrite K. reflexivity.
  - unfold operate in *. destruct (pop s) as [[last|] s1]; [|reflexivity].
    destruct (takes_two op) eqn:T; [reflexivity|].
    unfold operate_on_one in *. destruct (kind_of_operator op); try reflexivity.
    assert (E : test_membership e' who one_is_enough last = test_membership e who one_is_enough last).
    { assert (A : forall f, In f (snd (test_membership e who one_is_enough last)) -> is_unknown e' f).
      { intros f F. apply H. destruct (test_membership e who one_is_enough last) as [res facts].
        rewrite asked_push_result. cbn. apply in_app_iff. right. exact F. }
      destruct last as [|vs|]; try reflexivity. destruct vs as [c|v|[|v l]]; try reflexivity.
      all: apply memberships_local, A. }
    rewrite E. reflexivity.
Qed.

Lemma asked_grows t s f : In f (asked s) -> In f (asked (step fold limit e s t)).
Proof.
  assert (P : forall x, asked (snd (pop x)) = asked x) by (intros x; unfold pop; destruct (stack x);
    reflexivity).
  intros F. destruct t as [v|members|class name|op]; try exact F; cbn [step].
  - destruct (attribute e class name); try exact F. cbn. apply in_app_iff. left. exact F.
  - unfold operate. pose proof (P s) as P1.
    destruct (pop s) as [[last|] s1]; cbn [snd] in P1; rewrite <- P1 in F;
      [|exact F].
    destruct (takes_two op).
    + pose proof (P s1) as P2. destruct (pop s1) as [[first|] s2]; cbn [snd] in P2; rewrite <- P2 in F;
        [|exact F].
      unfold operate_on_two. destruct (kind_of_operator op); try exact F; rewrite ?asked_push_result;
        try exact F.
      destruct (seen_of first); [|exact F]. destruct (seen_of last); [|exact F].
      destruct (test_relation _ _ _ _ _) as [[res m] c]. rewrite asked_push_result. exact F.
    + unfold operate_on_one. destruct (kind_of_operator op); try exact F; rewrite ?asked_push_result;
        try exact F.
      destruct (test_membership _ _ _ _). rewrite asked_push_result. cbn. apply in_app_iff. left. exact F.
Qed.

(** If all facts that a condition asked for are still unknown, it comes to what it came to. *)
Theorem unlearned_is_unchanged p :
  (forall f, In f (unknown_facts (evaluate fold limit e p)) -> is_unknown e' f) ->
  evaluate fold limit e' p = evaluate fold limit e p.
Proof.
  assert (Grows : forall ts s f, In f (asked s) -> In f (asked (fold_left (step fold limit e) ts s)))
    by (induction ts as [|t ts IH]; intros s f F; [exact F|apply IH, asked_grows, F]).
  assert (Steps : forall ts s, (forall f, In f (asked (fold_left (step fold limit e) ts s)) ->
    is_unknown e' f) ->
    fold_left (step fold limit e') ts s = fold_left (step fold limit e) ts s).
  { induction ts as [|t ts IH]; intros s H; [reflexivity|]. cbn in *.
    rewrite step_local by (intros f F; apply H, Grows, F). apply IH, H. }
  unfold evaluate, run_tokens. cbn. intros H. rewrite Steps; [reflexivity|].
  destruct (bytes_left p); exact H.
Qed.
End Local.

(** * Whether an entry with a condition applies *)

(** A set of truth values stays as it is if some of the unknown facts can become known. Otherwise it becomes
    one value. *)
Definition settle (knowable : bool) (v : verdict) : verdict :=
  if is_certain v || negb knowable then certain (truth_of_verdict v) else v.

Lemma verdict_of_settled fold c known resource d p :
  verdict_of fold c known resource d p =
  let r := evaluate fold MAX_SET_WORK (facts fold c known resource d) p in
  settle (existsb (is_knowable c known) (unknown_facts r)) (values_possible r).
Proof. reflexivity. Qed.

Lemma settled_refines d k k' v v' : inhabited v' -> narrows v' v -> (k = false -> v' = v) -> (k' = true ->
  k = true) ->
  judged d (settle k v) = Maybe \/ judged d (settle k' v') = judged d (settle k v).
Proof.
  intros [t T] N Same K. pose proof (N TrueT) as N1. pose proof (N FalseT) as N2.
  pose proof (N UnknownT) as N3.
  clear N. destruct k.
  - clear Same K. destruct t, d, k'; each_verdict; auto; exfalso;
      solve [discriminate | specialize (N1 eq_refl); discriminate | specialize (N2 eq_refl); discriminate
            | specialize (N3 eq_refl); discriminate].
  - rewrite Same by reflexivity. destruct k'; [discriminate (K eq_refl)|]. right. reflexivity.
Qed.

(** An Allow entry whose condition is unknown does not apply, and a Deny entry does. *)
Theorem unknown_condition v : v = certain UnknownT -> judged false v = No /\ judged true v = Yes.
Proof. intros ->. split; reflexivity. Qed.

(** If the facts are unknown and nobody can know them, an Allow entry does not apply, and a Deny entry
    does. *)
Theorem unknowable_condition v : is_certain v = false ->
  judged false (settle false v) = No /\ judged true (settle false v) = Yes.
Proof. intros C. each_verdict; try discriminate; split; reflexivity. Qed.

(** An Allow entry applies for certain only if its condition is true whatever the unknown facts are, and a
    Deny entry is passed over for certain only if its condition is false whatever they are. *)
Theorem applies_for_certain fold limit e e' p k : learns e e' ->
  let v := values_possible (evaluate fold limit e p) in
  let v' := values_possible (evaluate fold limit e' p) in
  (judged false (settle k v) = Yes -> v' = certain TrueT) /\
  (judged true (settle k v) = No -> v' = certain FalseT).
Proof.
  cbn zeta. intros L.
  split; intros J; apply (certain_stays fold limit e e' p _ L).
  - revert J. generalize (values_possible (evaluate fold limit e p)). intros v J.
    destruct k; each_verdict; first [reflexivity | discriminate].
  - revert J. generalize (values_possible (evaluate fold limit e p)). intros v J.
    destruct k; each_verdict; first [reflexivity | discriminate].
Qed.
