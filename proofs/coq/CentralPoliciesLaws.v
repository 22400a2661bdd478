(** Laws of central access policies: they only take rights away, and each rule by itself. *)
From Coq Require Import NArith List Bool Permutation.
From Sddl Require Import Model Bits Walk Effects Values Conditions CentralPolicies.
Import ListNotations.
Local Open Scope N_scope.

(** * Grants *)

Lemma grants_eq a b : g_certain a = g_certain b -> g_possible a = g_possible b -> a = b.
Proof. destruct a, b; cbn. intros -> ->. reflexivity. Qed.

Lemma both_commutes a b : both a b = both b a.
Proof. apply grants_eq; apply N.land_comm. Qed.

Lemma both_associates a b c : both a (both b c) = both (both a b) c.
Proof. apply grants_eq; apply N.land_assoc. Qed.

Lemma both_itself a : both a a = a.
Proof. apply grants_eq; apply N.land_diag. Qed.

(** Masks have 32 bits. *)
Definition fits (g : grants) : Prop := within (g_certain g) everything /\ within (g_possible g) everything.

Lemma both_fits a b : fits a -> fits (both a b).
Proof.
  intros [C P]. split; intros i; cbn; rewrite inter_bit, andb_true_iff; intros [H _]; [apply C|apply P];
    exact H.
Qed.

Lemma all_rights_fits : fits all_rights.
Proof. split; intros i H; exact H. Qed.

Lemma both_all a : fits a -> both a all_rights = a.
Proof.
  intros [C P]. apply grants_eq; apply mask_eq; intros i; cbn -[everything]; rewrite inter_bit.
  - destruct (bit (g_certain a) i) eqn:E; [|reflexivity]. exact (C i E).
  - destruct (bit (g_possible a) i) eqn:E; [|reflexivity]. exact (P i E).
Qed.

(** A set of rights that satisfies a request still does if it has more. *)
Lemma satisfies_more r a b : within a b -> satisfies r a = true -> satisfies r b = true.
Proof.
  intros W. rewrite !satisfies_spec. intros [E [i I]]. split; [|exists i; apply W, I].
  intros j J. apply W, E, J.
Qed.

Section Laws.
Context {condition : Type}.
Variable scope_of : option condition -> applies_to.
Variable recovery : rule condition.
Variable q : question condition.
Notation rule_grants := (rule_grants scope_of q).
Notation rules_grants := (rules_grants scope_of q).
Notation check_with_rules := (check_with_rules scope_of q).
Notation check_with_policies := (check_with_policies scope_of recovery q).

(** * The order and the number of rules *)

(** The order of the rules has no effect. *)
Theorem order_of_rules rs rs' : Permutation rs rs' -> check_with_rules rs = check_with_rules rs'.
Proof.
  intros P. unfold CentralPolicies.check_with_rules, CentralPolicies.rules_grants.
  assert (E : forall g, fold_left (fun g r => both g (rule_grants r)) rs g =
                        fold_left (fun g r => both g (rule_grants r)) rs' g).
  { induction P; intros g; cbn; auto.
    - rewrite <- !both_associates, (both_commutes (rule_grants y)). reflexivity.
    - rewrite IHP1. apply IHP2. }
  rewrite E. reflexivity.
Qed.

(** A rule that is there twice has no more effect than once. *)
Theorem repeated_rule r rs : check_with_rules (r :: r :: rs) = check_with_rules (r :: rs).
Proof.
  unfold CentralPolicies.check_with_rules, CentralPolicies.rules_grants. cbn [fold_left].
  rewrite <- both_associates, both_itself. reflexivity.
Qed.

Lemma rules_fit rs : fits (rules_grants rs).
Proof.
  unfold CentralPolicies.rules_grants.
  assert (F : forall g, fits g -> fits (fold_left (fun g r => both g (rule_grants r)) rs g)).
  { induction rs as [|r rs IH]; intros g G; [exact G|]. apply IH, both_fits, G. }
  apply F, all_rights_fits.
Qed.

(** A rule that does not apply has no effect, wherever it is among the rules. *)
Theorem rule_elsewhere r rs rs' : may_apply (scope_of (rule_applies_to r)) = false ->
  check_with_rules (rs ++ r :: rs') = check_with_rules (rs ++ rs').
Proof.
  intros A. rewrite (order_of_rules (rs ++ r :: rs') (rs ++ rs' ++ [r])).
  - rewrite app_assoc. unfold CentralPolicies.check_with_rules, CentralPolicies.rules_grants.
    rewrite fold_left_app. cbn [fold_left].
    replace (rule_grants r) with all_rights by (unfold CentralPolicies.rule_grants; rewrite A; reflexivity).
    rewrite both_all by apply rules_fit. reflexivity.
  - apply Permutation_app_head. change (r :: rs') with ([r] ++ rs'). apply Permutation_app_comm.
Qed.

(** A staged DACL has no effect on the decision. *)
Definition without_staged (r : rule condition) : rule condition :=
  {| rule_applies_to := rule_applies_to r; effective := effective r; staged := None |}.
Theorem staged_is_no_part rs : check_with_rules (map without_staged rs) = check_with_rules rs.
Proof.
  unfold CentralPolicies.check_with_rules, CentralPolicies.rules_grants.
  assert (E : forall g, fold_left (fun g r => both g (rule_grants r)) (map without_staged rs) g =
                        fold_left (fun g r => both g (rule_grants r)) rs g)
    by (induction rs as [|r rs IH]; intros g; [reflexivity|apply IH]).
  rewrite E. reflexivity.
Qed.

(** * A policy takes rights away *)

Lemma decide_within r a b : within (g_certain a) (g_certain b) ->
  within (granted_of (decide r a)) (granted_of (decide r b)).
Proof.
  intros W i. unfold decide. destruct (satisfies r (g_certain a)) eqn:S; cbn; [|discriminate].
  rewrite (satisfies_more r _ _ W S). apply W.
Qed.

Lemma decide_under_granted object left :
  within (granted_of (decide_under q object left)) (granted_of (decide (req q) (both object left))).
Proof.
  intros i. unfold decide_under.
  assert (None_granted : forall g m w, bit (granted_of (Refuse g m w)) i = true ->
    bit (granted_of (decide (req q) (both object left))) i = true)
    by (intros g m w H; cbn in H; discriminate).
  destruct (decide (req q) object) as [g|g m []]; try (apply None_granted).
  all: destruct (decide (req q) (both object left)) as [g'|g' m' []]; cbn; auto; discriminate.
Qed.

Lemma check_is_decide : refusal q = None -> check q = decide (req q) (grants_of q).
Proof. intros R. unfold check. rewrite R. reflexivity. Qed.

(** With rules, no right is granted that the object does not grant alone. *)
Theorem rules_never_grant_more rs : within (granted_of (check_with_rules rs)) (granted_of (check q)).
Proof.
  unfold CentralPolicies.check_with_rules. destruct (refusal q) as [w|] eqn:R.
  - intros i. cbn. discriminate.
  - rewrite check_is_decide by exact R. intros i H. apply decide_under_granted in H. revert H.
    apply decide_within. intros j. cbn. rewrite inter_bit, andb_true_iff. tauto.
Qed.

(** A policy never grants a right that the object does not grant without it. *)
Theorem policy_never_grants_more named ps :
  within (granted_of (check_with_policies named ps)) (granted_of (check q)).
Proof.
  destruct named as [|n], ps as [|p ps]; cbn [CentralPolicies.check_with_policies]; try (intros i H; exact H).
  apply rules_never_grant_more.
Qed.

(** A request that is allowed under a policy is allowed without it. *)
Theorem allowed_under_policy named ps : allowed (check_with_policies named ps) = true ->
  allowed (check q) = true.
Proof.
  assert (Rules : forall rs, allowed (check_with_rules rs) = true -> allowed (check q) = true).
  { intros rs. unfold CentralPolicies.check_with_rules. destruct (refusal q) as [w|] eqn:R; [discriminate|].
    rewrite check_is_decide by exact R. unfold decide_under.
    destruct (decide (req q) (grants_of q)) as [g|g m []] eqn:D; cbn; try discriminate; [reflexivity|].
    unfold decide in *. destruct (satisfies (req q) (g_certain (grants_of q))) eqn:S; [discriminate|].
    destruct (satisfies (req q) (g_certain (both (grants_of q) (rules_grants rs)))) eqn:S'.
    - apply satisfies_more with (b := g_certain (grants_of q)) in S'; [congruence|].
      intros j. cbn. rewrite inter_bit, andb_true_iff. tauto.
    - destruct (satisfies (req q) (g_possible (both (grants_of q) (rules_grants rs)))); discriminate. }
  destruct named as [|n], ps as [|p ps]; cbn [CentralPolicies.check_with_policies]; auto. apply Rules.
Qed.

(** One more rule never grants more. *)
Theorem more_rules_never_grant_more r rs :
  within (granted_of (check_with_rules (r :: rs))) (granted_of (check_with_rules rs)).
Proof.
  rewrite (order_of_rules (r :: rs) (rs ++ [r])) by (change (r :: rs) with ([r] ++ rs);
    apply Permutation_app_comm).
  unfold CentralPolicies.check_with_rules. destruct (refusal q); [intros i H; exact H|].
  intros i H. apply decide_under_granted in H.
  assert (W : within (granted_of (decide (req q) (both (grants_of q) (rules_grants (rs ++ [r])))))
    (granted_of (decide (req q) (both (grants_of q) (rules_grants rs))))).
  { apply decide_within. intros j. unfold CentralPolicies.rules_grants. rewrite fold_left_app. cbn.
    rewrite !inter_bit, !andb_true_iff. tauto. }
  specialize (W i H). unfold decide_under.
  destruct (decide (req q) (both (grants_of q) (rules_grants rs))) as [g'|] eqn:D;
    [|cbn in W; discriminate].
  destruct (decide (req q) (grants_of q)) as [g|g m w] eqn:A; [exact W|].
  exfalso. unfold decide in A, D.
  destruct (satisfies (req q) (g_certain (grants_of q))) eqn:S; [discriminate|].
  destruct (satisfies (req q) (g_certain (both (grants_of q) (rules_grants rs)))) eqn:S'; [|discriminate].
  apply satisfies_more with (b := g_certain (grants_of q)) in S'; [congruence|].
  intros j. cbn. rewrite inter_bit, andb_true_iff. tauto.
Qed.

(** A right that is granted under a policy is granted by the DACL of each rule that applies, or may apply. *)
Theorem granted_by_each_rule rs r i : In r rs -> may_apply (scope_of (rule_applies_to r)) = true ->
  bit (granted_of (check_with_rules rs)) i = true -> bit (g_certain (granted_by q (effective r))) i = true.
Proof.
  intros I A H.
  assert (B : bit (g_certain (rules_grants rs)) i = true).
  { unfold CentralPolicies.check_with_rules in H. destruct (refusal q); [cbn in H; discriminate|].
    apply decide_under_granted in H. unfold decide in H.
    destruct (satisfies _ _); [|cbn in H; discriminate].
    cbn in H. rewrite inter_bit, andb_true_iff in H. apply H. }
  assert (Down : forall rs g, bit (g_certain (fold_left (fun g r => both g (rule_grants r)) rs g)) i = true ->
    bit (g_certain g) i = true /\ forall r, In r rs -> bit (g_certain (rule_grants r)) i = true).
  { clear. induction rs as [|r rs IH]; intros g H; cbn in *; [tauto|].
    destruct (IH _ H) as [G R]. cbn in G. rewrite inter_bit, andb_true_iff in G.
    split; [tauto|]. intros r' [<-|I]; [tauto|apply R, I]. }
  destruct (Down _ _ B) as [_ R]. specialize (R r I). unfold CentralPolicies.rule_grants in R. rewrite A in R.
  destruct (scope_of (rule_applies_to r)); try discriminate; exact R.
Qed.

(** A request that is allowed under rules is granted each right that the object grants, and that the DACL of
    each rule grants which applies or may apply. It is granted no other right. *)
Theorem left_by_rules rs i : i < 32 -> allowed (check_with_rules rs) = true ->
  bit (granted_of (check_with_rules rs)) i = true <->
  bit (granted_of (check q)) i = true /\
  forall r, In r rs -> may_apply (scope_of (rule_applies_to r)) = true ->
    bit (g_certain (granted_by q (effective r))) i = true.
Proof.
  intros Small Yes. split.
  - intros H. split; [apply (rules_never_grant_more rs), H|].
    intros r I A. apply (granted_by_each_rule rs r i I A H).
  - intros [Own Each]. unfold CentralPolicies.check_with_rules in *.
    destruct (refusal q) as [w|] eqn:R; [discriminate|]. rewrite check_is_decide in Own by exact R.
    unfold decide_under in *. destruct (decide (req q) (grants_of q)) as [g|g m w] eqn:D;
      [|cbn in Own; discriminate].
    assert (C : bit (g_certain (grants_of q)) i = true).
    { unfold decide in D. destruct (satisfies (req q) (g_certain (grants_of q))); [|discriminate].
      injection D as <-. exact Own. }
    assert (L : bit (g_certain (rules_grants rs)) i = true).
    { unfold CentralPolicies.rules_grants.
      assert (Up : forall rs g, bit (g_certain g) i = true ->
        (forall r, In r rs -> bit (g_certain (rule_grants r)) i = true) ->
        bit (g_certain (fold_left (fun g r => both g (rule_grants r)) rs g)) i = true).
      { clear. induction rs as [|r rs IH]; intros g G A; [exact G|]. cbn [fold_left]. apply IH.
        - cbn. rewrite inter_bit, G. apply A. left. reflexivity.
        - intros x X. apply A. right. exact X. }
      apply Up; [apply N.ones_spec_low, Small|]. intros r I. specialize (Each r I).
      unfold CentralPolicies.rule_grants.
      assert (All : bit everything i = true) by (apply N.ones_spec_low, Small).
      destruct (scope_of (rule_applies_to r)); cbn in *; auto. }
    destruct (decide (req q) (both (grants_of q) (rules_grants rs))) as [g'|g' m' w'] eqn:B.
    + unfold decide in B. destruct (satisfies (req q) (g_certain (both _ _))); [|discriminate].
      injection B as <-.
      change (bit (inter (g_certain (grants_of q)) (g_certain (rules_grants rs))) i = true).
      rewrite inter_bit, C. exact L.
    + exfalso. destruct w'; discriminate Yes.
Qed.

(** A rule that applies and has the DACL of the object has no effect. *)
Theorem rule_of_the_object r es : dacl (q_descriptor q) = Some es -> q_part q = None ->
  effective r = es -> fits (grants_of q) ->
  scope_of (rule_applies_to r) = Always \/ scope_of (rule_applies_to r) = ScopeTrue ->
  check_with_rules [r] = check q.
Proof.
  intros D P E F A. unfold CentralPolicies.check_with_rules. destruct (refusal q) as [w|] eqn:R;
    [unfold check; rewrite R; reflexivity|].
  assert (Q : with_dacl q es = q).
  { clear - D P. destruct q as [[o g dacl0 s] c desired opts part ev v]. cbn in *. subst. reflexivity. }
  assert (G : rule_grants r = grants_of q).
  { unfold CentralPolicies.rule_grants, granted_by. rewrite E, Q, R. destruct A as [-> | ->]; reflexivity. }
  unfold CentralPolicies.rules_grants. cbn [fold_left].
  rewrite G, (both_commutes all_rights), both_all by exact F.
  rewrite check_is_decide by exact R. unfold decide_under. rewrite both_itself.
  destruct (decide (req q) (grants_of q)) as [g|g m []] eqn:X; try reflexivity.
Qed.

(** * Policies that are missing *)

(** If no entry names a policy, or the machine has none, the object decides alone. *)
Theorem no_policy named ps : named = NoPolicy \/ ps = [] -> check_with_policies named ps = check q.
Proof. intros [-> | ->]; [reflexivity|destruct named; reflexivity]. Qed.

(** If the machine has policies and not the one that is named, the recovery rule decides. *)
Theorem missing_policy number ps : ps <> [] ->
  (forall p, In p ps -> policy_number p <> number \/ rules p = []) ->
  check_with_policies (Names number) ps = check_with_rules [recovery].
Proof.
  intros N H. destruct ps as [|p ps]; [congruence|]. cbn [CentralPolicies.check_with_policies].
  unfold rules_for. destruct (find _ (p :: ps)) as [p'|] eqn:F; [|reflexivity].
  exfalso. apply find_some in F. destruct F as [I F]. rewrite andb_true_iff, N.eqb_eq in F.
  destruct F as [E R], (H p' I) as [X|X]; [congruence|]. rewrite X in R. discriminate.
Qed.
End Laws.

(** An object that names a policy refuses everything if the question does not evaluate policies, unless the
    options skip them. *)
Theorem unevaluated_policy_refuses {condition} (q : question condition) e : In e (sacl (q_descriptor q)) ->
  s_kind e = ScopedPolicy -> s_inherit_only e = false ->
  q_evaluates_policies q = false -> skip_system_policies (q_options q) = false ->
  allowed (check q) = false.
Proof.
  intros I K O E S. unfold check.
  assert (X : existsb (is_unevaluated_limit q) (sacl (q_descriptor q)) = true).
  { apply existsb_exists. exists e. split; [exact I|]. unfold is_unevaluated_limit. rewrite K, O, E, S.
    reflexivity. }
  destruct (refusal q) as [w|] eqn:R; [reflexivity|]. exfalso. unfold refusal in R. rewrite X in R.
  repeat match type of R with (if ?b then _ else _) = None => destruct b; [discriminate|] end.
  discriminate.
Qed.

(** * Facts that are not known *)

(** The rights that a rule leaves while it is not known whether it applies: for certain no more than if it
    applies, and possibly all that it leaves if it does not. *)
Theorem undetermined_scope g : fits g ->
  g_certain (limit_by ScopeUndetermined g) = g_certain (limit_by ScopeTrue g) /\
  within (g_certain (limit_by ScopeUndetermined g)) (g_certain (limit_by ScopeFalse g)) /\
  within (g_possible (limit_by ScopeTrue g)) (g_possible (limit_by ScopeUndetermined g)) /\
  g_possible (limit_by ScopeFalse g) = g_possible (limit_by ScopeUndetermined g).
Proof. intros [C P]. repeat split; assumption. Qed.

(** A condition that compares sets which are too large lets the rule apply. *)
Theorem too_large_applies knowable r : too_large r = true -> scope_in knowable r = NotEvaluated.
Proof. intros T. unfold scope_in. rewrite T. reflexivity. Qed.
