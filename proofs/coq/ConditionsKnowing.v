(** Law 11 for checks whose conditions are evaluated: learning groups and claims takes nothing away. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Effects Knowing Values Conditions ConditionsTruth ConditionsLearning.
From Sddl Require Import ConditionsKnown ConditionsInCheck Facts.
Import ListNotations.
Local Open Scope N_scope.

(** * A check depends on nothing of a condition but whether it applies *)

Section Judged.
Context {condition : Type}.
Variable q : question condition.
Variable verdicts : bool -> condition -> verdict.
Hypothesis Same : forall d k, judged d (verdicts d k) = judged d (q_verdict q d k).

(** The question with other verdicts. *)
Definition with_verdicts : question condition :=
  {| q_descriptor := q_descriptor q; q_caller := q_caller q; q_desired := q_desired q;
     q_options := q_options q; q_part := q_part q; q_evaluates_policies := q_evaluates_policies q;
     q_verdict := verdicts |}.

Lemma judged_entry a e : entry_effect with_verdicts a e = entry_effect q a e.
Proof.
  assert (R : forall allows sure, resolve with_verdicts a e allows sure = resolve q a e allows sure).
  { intros allows sure. unfold resolve. cbn [q_verdict with_verdicts].
    destruct (a_data e) as [|k|]; [reflexivity| |reflexivity]. rewrite Same. reflexivity. }
  unfold entry_effect, access. rewrite !R. reflexivity.
Qed.

Lemma judged_entries a es : forall s, entries with_verdicts a es s = entries q a es s.
Proof.
  induction es as [|e es IH]; intros s; [reflexivity|]. cbn [entries]. rewrite judged_entry, IH. reflexivity.
Qed.

Lemma judged_pass a : after_pass with_verdicts a = after_pass q a.
Proof.
  unfold after_pass, pass. cbn [q_descriptor with_verdicts].
  destruct (dacl (q_descriptor q)) as [es|]; [|reflexivity]. apply judged_entries.
Qed.

(** Verdicts that let the same entries apply lead to one answer. *)
Theorem check_judged : check with_verdicts = check q.
Proof.
  unfold check. change (refusal with_verdicts) with (refusal q). destruct (refusal q); [reflexivity|].
  change (req with_verdicts) with (req q). f_equal.
  unfold grants_of_passes, in_each_pass. rewrite !judged_pass.
  change (further_accounts with_verdicts) with (further_accounts q).
  assert (E : forall (f : access_state -> mask) l m,
    fold_left (fun m a => inter m (f (after_pass with_verdicts a))) l m =
    fold_left (fun m a => inter m (f (after_pass q a))) l m).
  { intros f l. induction l as [|a l IH]; intros m; [reflexivity|]. cbn. rewrite judged_pass. apply IH. }
  rewrite !E. reflexivity.
Qed.
End Judged.

(** A set of truth values that is judged like this. *)
Definition told (a : applies) : verdict :=
  match a with Yes => certain TrueT | No => certain FalseT | Maybe => either end.
Lemma judged_told d a : judged d (told a) = a.
Proof. destruct d, a; reflexivity. Qed.

(** * Law 11 *)

Lemma learns_itself e : learns e e.
Proof. split; intros; right; reflexivity. Qed.

Section Law11.
Variable fold : N -> N.
Variable resource : list (text * claim).
Variables known known' : claims.
Variable q : question program.
Variable gs : list (sid * bool).
Variable complete : bool.
Variable out : list sid.

(** The known groups and claims of the caller, before and after. *)
Definition verdicts_before (d : bool) : program -> verdict := verdict_of fold (q_caller q) known resource d.
Definition caller_after : caller := q_caller (with_knowledge q gs complete out (q_verdict q)).
Definition verdicts_after (d : bool) : program -> verdict := verdict_of fold caller_after known' resource d.

(** Known facts stay as they are. *)
Hypothesis Memberships : forall who s, membership_in (q_caller q) known who s = UnknownMember \/
  membership_in caller_after known' who s = membership_in (q_caller q) known who s.
Hypothesis Claims : forall d class name,
  attribute (facts fold (q_caller q) known resource d) class name = UnknownAttribute \/
  attribute (facts fold caller_after known' resource d) class name =
    attribute (facts fold (q_caller q) known resource d) class name.

Lemma facts_learn d :
  learns (facts fold (q_caller q) known resource d) (facts fold caller_after known' resource d).
Proof.
  split; [apply Claims|]. intros who s. unfold facts. cbn [is_member].
  destruct (Memberships who s) as [-> | ->]; [left|right]; reflexivity.
Qed.

Lemma knowable_before f : is_knowable caller_after known' f = true -> is_knowable (q_caller q) known f = true.
Proof.
  destruct f as [class name|who s]; unfold is_knowable; [exact (fun H => H)|].
  destruct (Memberships who s) as [-> | ->]; [reflexivity|exact (fun H => H)].
Qed.

Lemma unknowable_stays d f : is_knowable (q_caller q) known f = false ->
  is_unknown (facts fold (q_caller q) known resource d) f ->
  is_unknown (facts fold caller_after known' resource d) f.
Proof.
  destruct f as [class name|who s]; unfold is_knowable, is_unknown, facts; cbn [attribute is_member].
  - destruct class; try discriminate. intros _ U. exact U.
  - destruct (Memberships who s) as [-> | ->]; [discriminate|]. intros _ U. exact U.
Qed.

Lemma asked_is_unknown d p f :
  In f (unknown_facts (evaluate fold MAX_SET_WORK (facts fold (q_caller q) known resource d) p)) ->
  is_unknown (facts fold (q_caller q) known resource d) f.
Proof.
  intros F. exact (proj2 (learning_asks_less fold MAX_SET_WORK _ _ (learns_itself _) p f F)).
Qed.

(** An entry of which it was known whether it applies still applies, or still does not. *)
Lemma verdicts_refine d p :
  judged d (verdicts_before d p) = Maybe \/ judged d (verdicts_after d p) = judged d (verdicts_before d p).
Proof.
  unfold verdicts_before, verdicts_after. rewrite !verdict_of_settled. cbn zeta.
  pose proof (facts_learn d) as L. apply settled_refines.
  - apply always_a_value.
  - apply learning_narrows, L.
  - intros None_knowable. rewrite (unlearned_is_unchanged fold MAX_SET_WORK _ _ L p); [reflexivity|].
    intros f F. apply unknowable_stays; [|apply (asked_is_unknown d p), F].
    destruct (is_knowable (q_caller q) known f) eqn:K; [|reflexivity].
    assert (X : existsb (is_knowable (q_caller q) known) (unknown_facts
      (evaluate fold MAX_SET_WORK (facts fold (q_caller q) known resource d) p)) = true)
      by (apply existsb_exists; exists f; auto).
    congruence.
  - intros K. apply existsb_exists in K. destruct K as (f & F & K). apply existsb_exists. exists f. split.
    + apply (learning_asks_less fold MAX_SET_WORK _ _ L p f F).
    + apply knowable_before, K.
Qed.

Hypothesis Groups : forall s, membership_of (q_caller q) s = UnknownMember \/
  membership_of caller_after s = membership_of (q_caller q) s.

(** Law 11: what is granted stays granted when groups and claims become known, and what is refused for certain
    stays refused. *)
Theorem law_11_conditions :
  let before := with_verdicts q verdicts_before in
  let after := with_knowledge q gs complete out verdicts_after in
  within (granted_of (check before)) (granted_of (check after)) /\
  (allowed (check before) = false -> why (check before) <> Some Undetermined ->
    allowed (check after) = false).
Proof.
  cbn zeta.
  set (told_before := fun d k => told (judged d (verdicts_before d k))).
  set (told_after := fun d k => told (judged d (verdicts_after d k))).
  assert (B : check (with_verdicts q verdicts_before) = check (with_verdicts q told_before)).
  { symmetry. apply (check_judged (with_verdicts q verdicts_before) told_before).
    intros d k. apply judged_told. }
  assert (A : check (with_knowledge q gs complete out verdicts_after) =
    check (with_knowledge (with_verdicts q told_before) gs complete out told_after)).
  { symmetry. apply (check_judged (with_knowledge q gs complete out verdicts_after) told_after).
    intros d k. apply judged_told. }
  assert (More : knows_more (with_verdicts q told_before)
    (with_knowledge (with_verdicts q told_before) gs complete out told_after)).
  { split; [exact Groups|]. split.
    - intros d k t. cbn. unfold told_before, told_after.
      destruct (verdicts_refine d k) as [-> | ->]; [|exact (fun H => H)].
      destruct (judged d (verdicts_after d k)), t; cbn; auto.
    - intros d k. cbn. unfold told_after.
      destruct (judged d (verdicts_after d k)); [exists TrueT|exists FalseT|exists TrueT]; reflexivity. }
  rewrite B, A. split; [apply law_11_granted, More|apply law_11_refused, More].
Qed.
End Law11.
