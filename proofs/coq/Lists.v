(** From bounded lists to lists of any length.

    A walk carries from entry to entry nothing but the access state. So a program agrees with the model on
    every list if it does so in each state, for each entry, with nothing after it and with one more Allow
    after it. Four entries reach each state. This is what the run in proofs/symbolic tries. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk TreesBits.
Import ListNotations.
Local Open Scope N_scope.

(** * The states that there are *)

(** A bit has eight states: it is open or not, may have been granted or not, and may have been denied or not.
    If it is none of the three, it is not wanted. Four effects bring all bits at once into any of these
    states. *)
Theorem four_entries_reach wanted s : is_of wanted s ->
  exists may_allow may_deny allow deny,
    s = fold_left apply_bits
      [(MayBeGranted, may_allow); (MayBeDenied, may_deny); (Granted, allow); (Denied, deny)] (start wanted).
Proof.
  intros H.
  exists (inter (may_granted s) (union (open s) (may_denied s))), (inter (may_denied s) (open s)),
    (diff (diff (may_granted s) (may_denied s)) (open s)), (diff (may_denied s) (open s)).
  destruct s as [o g d].
  unfold is_of in H.
  cbn [open may_granted may_denied] in *.
  cbn [fold_left].
  unfold apply_bits.
  cbn [fst snd open may_granted may_denied start].
  f_equal; apply mask_eq; intros i; autorewrite with bits; rewrite <- (H i);
    destruct (bit o i), (bit g i), (bit d i); reflexivity.
Qed.

(** The model's loop is a fold of one step that does nothing once the state is settled. *)
Definition model_step (r : request) (x : option effect) (s : access_state) : access_state :=
  if is_settled r s then s else apply_effect s x.

Theorem loop_is_fold {condition : Type} (q : question condition) a es : forall s,
  entries q a es s = fold_left (fun s e => model_step (req q) (entry_effect q a e) s) es s.
Proof.
  induction es as [|e es IH]; intros s; cbn [entries fold_left]; [reflexivity|].
  unfold model_step at 2.
  destruct (is_settled (req q) s) eqn:S; [|apply IH].
  clear IH.
  induction es as [|e' es IH]; cbn [fold_left]; [reflexivity|].
  unfold model_step at 2.
  rewrite S.
  exact IH.
Qed.

Section Bounded.
Variables (r : request) (rest : grants).
Hypothesis Rest : coherent rest.

(** The decision in a state, when the other passes grant [rest]. *)
Definition answer (s : access_state) : decision :=
  decide r {| g_certain := inter (g_certain rest) (granted s);
              g_possible := inter (g_possible rest) (may_granted s) |}.

Definition shown (d : decision) : mask := match d with Allow g => g | Refuse g _ _ => g end.

Lemma shown_answer s : shown (answer s) = inter (g_certain rest) (granted s).
Proof.
  unfold answer, decide.
  destruct (satisfies r _); reflexivity.
Qed.

(** The states answer alike after any effects. *)
Definition answer_alike (s s' : access_state) : Prop :=
  forall fs, same_answer (answer (fold_left apply_bits fs s)) (answer (fold_left apply_bits fs s')).

(** If two states answer alike, now and after an Allow of any mask, they answer alike after any effects. *)
Theorem two_ends_tell s s' : answer s = answer s' ->
  (forall m, answer (apply_bits s (Granted, m)) = answer (apply_bits s' (Granted, m))) ->
  answer_alike s s'.
Proof.
  intros Now After fs.
  set (t := fold_left apply_bits fs s).
  set (t' := fold_left apply_bits fs s').
  assert (C : inter (g_certain rest) (granted t) = inter (g_certain rest) (granted t')).
  { apply mask_eq.
    intros i.
    pose proof (f_equal (fun d => bit (shown d) i) Now) as N0.
    pose proof (f_equal (fun d => bit (shown d) i) (After (2 ^ i))) as N1.
    cbv beta in N0, N1.
    rewrite !shown_answer in N0, N1.
    change (apply_bits s (Granted, 2 ^ i)) with (fold_left apply_bits [(Granted, 2 ^ i)] s) in N1.
    change (apply_bits s' (Granted, 2 ^ i)) with (fold_left apply_bits [(Granted, 2 ^ i)] s') in N1.
    change (granted s) with (granted (fold_left apply_bits [] s)) in N0.
    change (granted s') with (granted (fold_left apply_bits [] s')) in N0.
    unfold t, t'.
    rewrite !inter_bit, !granted_after in *.
    assert (B : bit (2 ^ i) i = true) by (unfold bit; rewrite N.pow2_bits_eqb; apply N.eqb_refl).
    cbn [run settles] in N0, N1.
    rewrite B in N1.
    destruct (bit (g_certain rest) i); [cbn [andb] in *|reflexivity].
    destruct (sure fs i); rewrite ?andb_true_r, ?andb_false_r in *; assumption. }
  set (m := may_granted (fold_left apply_bits fs (start (union (open s) (open s'))))).
  assert (M : forall i, bit m i = (bit (open s) i || bit (open s') i) && possible fs i).
  { intros i.
    unfold m.
    rewrite possible_bits, union_bit.
    reflexivity. }
  assert (P : may_granted t = may_granted (apply_bits s (Granted, m)) /\
    may_granted t' = may_granted (apply_bits s' (Granted, m))).
  { split; apply mask_eq; intros i; unfold t, t'; rewrite may_granted_after;
      cbn [apply_bits may_granted fst snd]; rewrite union_bit, inter_bit, M;
      destruct (bit (open s) i), (bit (open s') i), (possible fs i); cbn; rewrite ?andb_false_r;
      reflexivity. }
  destruct P as [P P'].
  specialize (After m).
  unfold answer, decide in After |- *.
  cbn [g_certain g_possible] in After |- *.
  rewrite C, P, P'.
  destruct (satisfies r (inter (g_certain rest) (granted t'))); [reflexivity|].
  assert (Sub : forall u, satisfies r (inter (g_certain rest) (granted u)) = true ->
    satisfies r (inter (g_possible rest) (may_granted u)) = true).
  { intros u.
    rewrite !satisfies_spec.
    assert (W : forall i, bit (inter (g_certain rest) (granted u)) i = true ->
      bit (inter (g_possible rest) (may_granted u)) i = true).
    { intros i.
      rewrite !inter_bit, !andb_true_iff.
      intros [R G].
      split; [apply Rest, R|apply granted_may, G]. }
    intros [A [i I]].
    split; [intros j J; apply W, A, J|exists i; apply W, I]. }
  pose proof (Sub (apply_bits s (Granted, m))) as S1.
  pose proof (Sub (apply_bits s' (Granted, m))) as S2.
  destruct (satisfies r (inter (g_certain rest) (granted (apply_bits s (Granted, m))))).
  - destruct (satisfies r (inter (g_certain rest) (granted (apply_bits s' (Granted, m))))); [|discriminate].
    rewrite S1, S2 by reflexivity.
    reflexivity.
  - destruct (satisfies r (inter (g_certain rest) (granted (apply_bits s' (Granted, m))))); [discriminate|].
    injection After as _ _ Why.
    exact Why.
Qed.

(** ** States that refuse whatever follows *)

Definition refuses (s : access_state) : Prop := exists g m, answer s = Refuse g m NotGranted.

Definition hopeless (s : access_state) : Prop := forall fs, refuses (fold_left apply_bits fs s).

Lemma answer_coherent s : coherent
  {| g_certain := inter (g_certain rest) (granted s);
     g_possible := inter (g_possible rest) (may_granted s) |}.
Proof.
  intros i.
  cbn [g_certain g_possible].
  rewrite !inter_bit, !andb_true_iff.
  intros [R G].
  split; [apply Rest, R|apply granted_may, G].
Qed.

Lemma lost_is_hopeless s : lost r s -> hopeless s.
Proof.
  intros L fs.
  apply (lost_stays r fs) in L.
  destruct L as (i & E & _ & N).
  apply lost_refuses; [apply answer_coherent|].
  exists i.
  split; [exact E|].
  cbn [g_possible].
  rewrite inter_bit, N.
  apply andb_false_r.
Qed.

Lemma hopeless_by_allows s : (forall m, refuses (apply_bits s (Granted, m))) -> hopeless s.
Proof.
  intros H fs.
  set (m := may_granted (fold_left apply_bits fs (start (open s)))).
  assert (P : may_granted (fold_left apply_bits fs s) = may_granted (apply_bits s (Granted, m))).
  { apply mask_eq.
    intros i.
    rewrite may_granted_after.
    cbn [apply_bits may_granted fst snd].
    unfold m.
    rewrite union_bit, inter_bit, possible_bits.
    destruct (bit (open s) i), (possible fs i); reflexivity. }
  destruct (H m) as (g & k & E).
  unfold refuses.
  pose proof (answer_coherent (fold_left apply_bits fs s)) as Coherent.
  unfold answer, decide in *.
  cbn [g_certain g_possible] in *.
  rewrite <- P in E.
  destruct (satisfies r (inter (g_possible rest) (may_granted (fold_left apply_bits fs s)))) eqn:S.
  - destruct (satisfies r (inter (g_certain rest) (granted (apply_bits s (Granted, m))))); discriminate.
  - destruct (satisfies r (inter (g_certain rest) (granted (fold_left apply_bits fs s)))) eqn:C; [|eauto].
    rewrite satisfies_spec in C.
    assert (X : satisfies r (inter (g_possible rest) (may_granted (fold_left apply_bits fs s))) = true).
    { apply satisfies_spec.
      destruct C as [C [i I]].
      split; [intros j J; apply Coherent, C, J|exists i; apply Coherent, I]. }
    congruence.
Qed.

Lemma hopeless_alike s s' : hopeless s -> hopeless s' -> answer_alike s s'.
Proof.
  intros H H' fs.
  destruct (H fs) as (? & ? & ->), (H' fs) as (? & ? & ->).
  reflexivity.
Qed.

(** ** Steps that end early *)

Lemma alike_answer s s' : alike r s s' -> answer_alike s s'.
Proof.
  intros [<-|[L L']].
  - intros fs.
    apply same_answer_refl.
  - apply hopeless_alike; apply lost_is_hopeless; assumption.
Qed.

Lemma alike_trans s t u : answer_alike s t -> answer_alike t u -> answer_alike s u.
Proof.
  intros H H' fs.
  specialize (H fs).
  specialize (H' fs).
  destruct (answer (fold_left apply_bits fs s)), (answer (fold_left apply_bits fs t)),
    (answer (fold_left apply_bits fs u)); cbn in *; congruence || contradiction.
Qed.

Lemma alike_sym s t : answer_alike s t -> answer_alike t s.
Proof.
  intros H fs.
  specialize (H fs).
  destruct (answer (fold_left apply_bits fs s)), (answer (fold_left apply_bits fs t)); cbn in *;
    congruence || contradiction.
Qed.

Lemma model_step_exact x s : answer_alike (model_step r x s) (apply_effect s x).
Proof.
  unfold model_step.
  destruct (is_settled r s) eqn:S; [|apply alike_answer; left; reflexivity].
  apply alike_answer.
  destruct x as [x|]; [apply (settled_alike r [x]), S|left; reflexivity].
Qed.

Lemma model_step_alike x s s' : answer_alike s s' -> answer_alike (model_step r x s) (model_step r x s').
Proof.
  intros H.
  apply (alike_trans _ (apply_effect s x)); [apply model_step_exact|].
  apply (alike_trans _ (apply_effect s' x)); [|apply alike_sym, model_step_exact].
  destruct x as [x|]; [|exact H].
  intros fs.
  apply (H (x :: fs)).
Qed.

(** A settled state is lost, or effects do not change it. *)
Lemma step_is_exact_or_lost s :
  lost r s \/ forall m, model_step r (Some (Granted, m)) s = apply_bits s (Granted, m).
Proof.
  unfold model_step.
  destruct (is_settled r s) eqn:S; [|right; reflexivity].
  unfold is_settled in S.
  rewrite andb_true_iff, orb_true_iff in S.
  destruct S as [_ [S|S]].
  - right.
    intros m.
    symmetry.
    apply (apply_closed [(Granted, m)]), N.eqb_eq, S.
  - left.
    apply is_lost_lost, S.
Qed.

Lemma two_ends_tell_early s s' : answer s = answer s' ->
  (forall m, answer (model_step r (Some (Granted, m)) s) = answer (model_step r (Some (Granted, m)) s')) ->
  answer_alike s s'.
Proof.
  intros Now After.
  assert (One : forall u v, lost r u -> answer u = answer v ->
    (forall m, answer (model_step r (Some (Granted, m)) u) = answer (model_step r (Some (Granted, m)) v)) ->
    answer_alike u v).
  { intros u v L N A.
    apply hopeless_alike; [apply lost_is_hopeless, L|].
    destruct (step_is_exact_or_lost v) as [L'|E]; [apply lost_is_hopeless, L'|].
    apply hopeless_by_allows.
    intros m.
    rewrite <- E.
    unfold refuses.
    rewrite <- A.
    unfold model_step.
    destruct (is_settled r u).
    - apply (lost_is_hopeless u L []).
    - apply (lost_is_hopeless u L [(Granted, m)]). }
  destruct (step_is_exact_or_lost s) as [L|E]; [apply One; assumption|].
  destruct (step_is_exact_or_lost s') as [L'|E'].
  - apply alike_sym, One; [exact L'|symmetry; exact Now|].
    intros m.
    symmetry.
    apply After.
  - apply two_ends_tell; [exact Now|].
    intros m.
    rewrite <- E, <- E'.
    apply After.
Qed.

(** ** The theorem *)

Variables (entry : Type) (effect_of : entry -> option effect) (allow : mask -> entry).
Hypothesis Allow : forall m, effect_of (allow m) = Some (Granted, m).

(** One step of a program. It may end early: then it changes nothing. *)
Variable program_step : entry -> access_state -> access_state.

(** Its state is one of the states that there are. *)
Hypothesis Stays : forall e s, is_of (wanted r) s -> is_of (wanted r) (program_step e s).

(** It answers as the model in each state, for each entry, with nothing after the entry. *)
Hypothesis One_entry : forall e s, is_of (wanted r) s ->
  answer (program_step e s) = answer (model_step r (effect_of e) s).

(** So it does with one more Allow after the entry. *)
Hypothesis One_more_allow : forall e m s, is_of (wanted r) s ->
  answer (program_step (allow m) (program_step e s)) =
  answer (model_step r (Some (Granted, m)) (model_step r (effect_of e) s)).

(** Then the program answers as the model about lists of any length, in whatever state the walk begins. *)
Theorem bounded_to_any_length es first : is_of (wanted r) first ->
  same_answer (answer (fold_left (fun s e => program_step e s) es first))
    (answer (fold_left (fun s e => model_step r (effect_of e) s) es first)).
Proof.
  intros Known.
  assert (Step : forall e s, is_of (wanted r) s ->
    answer_alike (program_step e s) (model_step r (effect_of e) s)).
  { intros e s S.
    apply two_ends_tell_early; [apply One_entry, S|].
    intros m.
    rewrite <- One_more_allow by exact S.
    rewrite <- (Allow m).
    symmetry.
    apply One_entry, Stays, S. }
  assert (All : forall s s', is_of (wanted r) s -> answer_alike s s' ->
    answer_alike (fold_left (fun s e => program_step e s) es s)
      (fold_left (fun s e => model_step r (effect_of e) s) es s')).
  { clear Known first.
    induction es as [|e es' IH]; intros s s' S A; cbn [fold_left]; [exact A|].
    apply IH; [apply Stays, S|].
    apply (alike_trans _ (model_step r (effect_of e) s)); [apply Step, S|].
    apply model_step_alike, A. }
  apply (All first first Known) with (fs := []).
  apply alike_answer.
  left.
  reflexivity.
Qed.
End Bounded.
