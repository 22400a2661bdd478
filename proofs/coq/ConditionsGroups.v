(** Laws about groups for checks whose conditions are evaluated. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Effects Knowing Removing Values Conditions ConditionsLearning.
From Sddl Require Import ConditionsKnown Facts ConditionsInCheck ConditionsKnowing.
Import ListNotations.
Local Open Scope N_scope.

(** The question about a caller with these groups and claims: its conditions are evaluated. *)
Definition evaluated (fold : N -> N) (resource : list (text * claim)) (known : claims)
    (q : question program) : question program :=
  with_verdicts q (verdict_of fold (q_caller q) known resource).

(** A caller that is told again of its groups is the caller that it was. *)
Lemma told_again {condition : Type} (q : question condition) gs complete verdicts verdicts' :
  with_knowledge (with_knowledge q gs complete (ruled_out (q_caller q)) verdicts) (groups (q_caller q))
    (groups_complete (q_caller q)) (ruled_out (q_caller q)) verdicts' = with_verdicts q verdicts'.
Proof. destruct q as [d k w o p ev vs]. destruct k. reflexivity. Qed.

Section Groups.
Variable fold : N -> N.
Variable resource : list (text * claim).
Variable known : claims.
Variable q : question program.
Let c := q_caller q.

(** The caller with other groups. *)
Definition with_groups (gs : list (sid * bool)) (complete : bool) : question program :=
  with_knowledge q gs complete (ruled_out c) (q_verdict q).

(** Law 3: forgetting a group, which is not the user and was not ruled out, never grants more, if the list of
    groups is then marked as incomplete. *)
Theorem law_3_forgotten_conditions g :
  holds (ruled_out c) g = false -> is_container_sid g = false -> sid_eqb (user c) g = false ->
  within (granted_of (check (evaluated fold resource known (with_groups (without g (groups c)) false))))
    (granted_of (check (evaluated fold resource known q))).
Proof.
  intros Out Cont User.
  set (forgotten := with_groups (without g (groups c)) false).
  assert (C : q_caller (with_knowledge forgotten (groups c) (groups_complete c) (ruled_out c)
    (q_verdict forgotten)) = c).
  { unfold forgotten, with_groups, c. rewrite told_again. reflexivity. }
  pose proof (forgotten_memberships q g (q_verdict q) Out Cont User) as M.
  pose proof (law_11_conditions fold resource known known forgotten (groups c) (groups_complete c)
    (ruled_out c)) as L.
  unfold verdicts_before, verdicts_after, caller_after in L. rewrite C in L.
  assert (After : with_knowledge forgotten (groups c) (groups_complete c) (ruled_out c)
    (verdict_of fold c known resource) = evaluated fold resource known q).
  { unfold evaluated, forgotten, with_groups, c. apply told_again. }
  cbn zeta in L.
  change (fun d => verdict_of fold c known resource d) with (verdict_of fold c known resource) in L.
  rewrite After in L. apply L.
  - intros [] s; cbn [membership_in]; [apply M|].
    change (groups_complete (q_caller forgotten)) with false. cbn [orb].
    destruct (is_stand_in s); [right; reflexivity|].
    destruct (holds (device_groups known) s); [right; reflexivity|].
    destruct (is_container_sid s); [right|left; reflexivity].
    rewrite orb_true_r. reflexivity.
  - intros d class name. right. reflexivity.
  - exact M.
Qed.

(** Law 15: the order of the groups, and how often each is given, change no detail of a decision. *)
Theorem law_15_conditions gs : (forall d s, in_groups gs d s = in_groups (groups c) d s) ->
  check (evaluated fold resource known (with_groups gs (groups_complete c))) =
  check (evaluated fold resource known q).
Proof.
  intros H.
  set (c' := q_caller (with_groups gs (groups_complete c))).
  assert (M : forall s, membership_of c' s = membership_of c s).
  { intros s. unfold membership_of.
    cbn [c' with_groups with_knowledge q_caller groups user user_deny_only ruled_out groups_complete].
    rewrite !H. reflexivity. }
  assert (In_facts : forall who s, membership_in c' known who s = membership_in c known who s).
  { intros [] s; [apply M|reflexivity]. }
  assert (Members : forall d who s, is_member (facts fold c' known resource d) who s =
    is_member (facts fold c known resource d) who s)
    by (intros d who s; unfold facts; cbn [is_member]; rewrite In_facts; reflexivity).
  assert (Knowable : forall f, is_knowable c' known f = is_knowable c known f).
  { intros [class name|who s]; [reflexivity|]. unfold is_knowable. rewrite In_facts. reflexivity. }
  assert (Known_of_list : forall l, existsb (is_knowable c' known) l = existsb (is_knowable c known) l)
    by (induction l as [|f l IH]; [reflexivity|]; cbn [existsb]; rewrite Knowable, IH; reflexivity).
  assert (V : forall d p, verdict_of fold c' known resource d p = verdict_of fold c known resource d p).
  { intros d p. unfold verdict_of.
    rewrite (unlearned_is_unchanged fold MAX_SET_WORK (facts fold c known resource d)
      (facts fold c' known resource d)).
    - cbn zeta. rewrite Known_of_list. reflexivity.
    - split; [intros class name; right; reflexivity|]. intros who s. right. apply Members.
    - intros f F. apply (asked_is_unknown fold resource known q d p f) in F.
      destruct f as [class name|who s]; cbn [is_unknown] in *; [exact F|]. rewrite Members. exact F. }
  rewrite <- (law_15 (evaluated fold resource known q) gs H).
  apply (check_judged (with_knowledge (evaluated fold resource known q) gs (groups_complete c) (ruled_out c)
    (verdict_of fold c known resource)) (verdict_of fold c' known resource)).
  intros d k. rewrite V. reflexivity.
Qed.
End Groups.
