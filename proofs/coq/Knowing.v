(** Laws about what is known of a caller: law 11 (learning more) and law 15 (the order of groups). *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects.
Import ListNotations.
Local Open Scope N_scope.

Section Knowing.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e : ace condition.

(** This question about a caller with other groups, and with other verdicts of conditions. *)
Definition with_knowledge q gs complete out verdicts : question condition :=
  let c := q_caller q in
  {| q_descriptor := q_descriptor q; q_desired := q_desired q; q_options := q_options q; q_part := q_part q;
     q_evaluates_policies := q_evaluates_policies q; q_verdict := verdicts;
     q_caller :=
       {| user := user c; user_deny_only := user_deny_only c; groups := gs; groups_complete := complete;
          ruled_out := out; restriction := restriction c; container := container c;
          holds_security := holds_security c; holds_backup := holds_backup c;
          holds_restore := holds_restore c; holds_take_ownership := holds_take_ownership c;
          holds_relabel := holds_relabel c;
          level := level c; no_write_up := no_write_up c |} |}.

(** * Law 11 *)

(** Known facts stay as they are: each membership, and for each condition the truth values that it can't
    have. *)
Definition knows_more q q' : Prop :=
  (forall s, membership_of (q_caller q) s = UnknownMember \/
     membership_of (q_caller q') s = membership_of (q_caller q) s) /\
  (forall d k t, can_be (q_verdict q' d k) t = true -> can_be (q_verdict q d k) t = true) /\
  (forall d k, exists t, can_be (q_verdict q' d k) t = true).

(** An effect that is uncertain takes place or does not, and one that is certain stays. *)
Definition refines (x x' : option effect) : Prop :=
  match x, x' with
  | None, None => True
  | Some (MayBeGranted, m), None | Some (MayBeDenied, m), None => True
  | Some (f, m), Some (f', m') =>
    m = m' /\ (f = f' \/ (f = MayBeGranted /\ f' = Granted) \/ (f = MayBeDenied /\ f' = Denied))
  | _, _ => False
  end.

Lemma refines_run x x' fs fs' i : refines x x' ->
  ((sure fs i = true -> sure fs' i = true) -> sure (opt x ++ fs) i = true -> sure (opt x' ++ fs') i = true) /\
  ((possible fs' i = true -> possible fs i = true) ->
    possible (opt x' ++ fs') i = true -> possible (opt x ++ fs) i = true).
Proof.
  destruct x as [[[] m]|], x' as [[[] m']|]; cbn; intros R; try contradiction; auto;
    try (destruct R as [<- [R|[[? R]|[? R]]]]; try discriminate); destruct (bit m i); intuition discriminate.
Qed.

Lemma judged_refines d v v' :
  (forall t, can_be v' t = true -> can_be v t = true) -> (exists t, can_be v' t = true) ->
  judged d v = Maybe \/ judged d v = judged d v'.
Proof.
  intros Sub [t T].
  destruct v as [vt vf vu], v' as [wt wf wu].
  pose proof (Sub TrueT) as S1.
  pose proof (Sub FalseT) as S2.
  pose proof (Sub UnknownT) as S3.
  clear Sub.
  destruct t, d, vt, vf, vu, wt, wf, wu; cbn in *; auto; try discriminate;
    first [specialize (S1 eq_refl); discriminate | specialize (S2 eq_refl); discriminate
          | specialize (S3 eq_refl); discriminate].
Qed.

Section KnowsMore.
Variables (q : question condition) (gs : list (sid * bool)) (complete : bool) (out : list sid)
  (verdicts : bool -> condition -> verdict).
Let q' := with_knowledge q gs complete out verdicts.
Hypothesis More : knows_more q q'.

Lemma member_refines a s : member q a s = UnknownMember \/ member q' a s = member q a s.
Proof.
  destruct More as [M _].
  destruct a; cbn [member].
  - apply M.
  - right.
    reflexivity.
  - unfold container_membership.
    change (container (q_caller q')) with (container (q_caller q)).
    destruct (container (q_caller q)) as [a|]; [|right; reflexivity].
    destruct (M s) as [-> | ->]; [|right; reflexivity].
    destruct (container_holds a s); [left; reflexivity|].
    right.
    destruct (membership_of (q_caller q') s); reflexivity.
Qed.

Lemma owner_membership_refines s :
  owner_membership q s = UnknownMember \/ owner_membership q' s = owner_membership q s.
Proof.
  destruct More as [M _].
  unfold owner_membership.
  change (restriction (q_caller q')) with (restriction (q_caller q)).
  change (restricting_membership (q_caller q')) with (restricting_membership (q_caller q)).
  destruct (restriction (q_caller q)); [|apply M].
  destruct (restricting_membership (q_caller q) s); auto.
Qed.

Lemma resolve_refines a e allows b b' : b = b' \/ b = false ->
  refines (resolve q a e allows b) (resolve q' a e allows b').
Proof.
  intros B.
  unfold resolve.
  change (bits_of q' a e allows) with (bits_of q a e allows).
  change (is_elsewhere q' e) with (is_elsewhere q e).
  change (is_unevaluated q' e) with (is_unevaluated q e).
  destruct (is_elsewhere q e); [exact I|].
  destruct (allows && _); [exact I|].
  assert (Plain : refines (Some (state_of allows b, bits_of q a e allows))
    (Some (state_of allows b', bits_of q a e allows))).
  { destruct B as [<- | ->], allows; try destruct b; try destruct b'; cbn; auto 6. }
  destruct (a_data e) as [|k|]; try exact Plain.
  destruct More as (_ & Sub & Ex).
  destruct (judged_refines (negb allows) _ _ (Sub (negb allows) k) (Ex (negb allows) k)) as [J|J]; rewrite J.
  - destruct (judged (negb allows) (q_verdict q' (negb allows) k)), allows; try destruct b'; cbn; auto 6.
  - destruct (judged (negb allows) (q_verdict q' (negb allows) k)); [exact Plain|exact I|].
    destruct allows; cbn; auto 6.
Qed.

Lemma resolve_may_vanish a e allows : refines (resolve q a e allows false) None.
Proof.
  unfold resolve.
  destruct (is_elsewhere q e); [exact I|].
  destruct (allows && _); [exact I|].
  destruct (a_data e); try (destruct allows; exact I).
  destruct (judged _ _), allows; exact I.
Qed.

Lemma access_refines a e allows : refines (access q a e allows) (access q' a e allows).
Proof.
  unfold access.
  change (meant q') with (meant q).
  destruct (a_trustee e) as [t|]; [|exact I].
  destruct (meant q t) as [s|]; [|exact I].
  destruct (member_refines a s) as [-> | ->].
  - destruct (member q' a s).
    + apply resolve_refines; auto.
    + destruct allows; [apply resolve_may_vanish|apply resolve_refines; auto].
    + apply resolve_may_vanish.
    + apply resolve_refines; auto.
  - destruct (member q a s); try exact I; try apply resolve_refines; auto.
    destruct allows; [exact I|apply resolve_refines; auto].
Qed.

Lemma entry_refines a e : refines (entry_effect q a e) (entry_effect q' a e).
Proof.
  unfold entry_effect.
  change (q_options q') with (q_options q).
  destruct (a_inherit_only e); [exact I|].
  destruct (a_kind e); [apply access_refines| |exact I|].
  - destruct (is_container a); [exact I|apply access_refines].
  - destruct (is_container a || _); cbn; auto.
Qed.

Lemma owner_refines a es : refines (implicit_owner_rights q a es) (implicit_owner_rights q' a es).
Proof.
  unfold implicit_owner_rights, owner_rights.
  change (req q') with (req q).
  change (q_descriptor q') with (q_descriptor q).
  change (replaces_owner q') with (replaces_owner q).
  destruct (is_container a); [exact I|].
  destruct (intersects _ _); [|exact I].
  destruct (owner _) as [s|]; [|exact I].
  destruct (existsb _ es); [exact I|].
  destruct (owner_membership_refines s) as [-> | ->].
  - destruct (owner_membership q' s); cbn; auto 6.
  - destruct (owner_membership q s); cbn; auto 6.
Qed.

Lemma pass_refines a i :
  (sure (pass_effects q a) i = true -> sure (pass_effects q' a) i = true) /\
  (possible (pass_effects q' a) i = true -> possible (pass_effects q a) i = true).
Proof.
  unfold pass_effects.
  change (q_descriptor q') with (q_descriptor q).
  change (unprotected q') with (unprotected q).
  destruct (dacl (q_descriptor q)) as [es|]; [|split; exact (fun H => H)].
  assert (E : (sure (effects q a es) i = true -> sure (effects q' a es) i = true) /\
    (possible (effects q' a es) i = true -> possible (effects q a es) i = true)).
  { induction es as [|e es [IH1 IH2]]; [split; exact (fun H => H)|].
    destruct (refines_run _ _ (effects q a es) (effects q' a es) i (entry_refines a e)) as [R1 R2].
    split; [exact (R1 IH1)|exact (R2 IH2)]. }
  destruct (refines_run _ _ (effects q a es) (effects q' a es) i (owner_refines a es)) as [R1 R2].
  split; [exact (R1 (proj1 E))|exact (R2 (proj2 E))].
Qed.

Lemma in_all_refines i :
  (in_all q false i = true -> in_all q' false i = true) /\
  (in_all q' true i = true -> in_all q true i = true).
Proof.
  unfold in_all.
  change (req q') with (req q).
  change (accounts q') with (accounts q).
  rewrite !andb_true_iff, !forallb_forall.
  split; intros [W H]; (split; [exact W|]); intros a Ha; specialize (H a Ha); revert H; apply run_app;
    apply pass_refines.
Qed.

(** Law 11: what is granted stays granted, however the unknown facts turn out. *)
Theorem law_11_granted : within (granted_of (check q)) (granted_of (check q')).
Proof. apply grants_no_less; [exact (fun G => G)|reflexivity|exact (fun i => proj1 (in_all_refines i))]. Qed.

(** Law 11: what is allowed stays allowed. *)
Theorem law_11_allowed : allowed (check q) = true -> allowed (check q') = true.
Proof.
  rewrite !allowed_iff.
  intros (G & A & i & S).
  split; [exact G|].
  split; [|exists i; apply in_all_refines, S].
  intros j E.
  apply in_all_refines, A, E.
Qed.

(** Law 11: what is refused for certain stays refused. *)
Theorem law_11_refused :
  allowed (check q) = false -> why (check q) <> Some Undetermined -> allowed (check q') = false.
Proof.
  intros No Certain.
  destruct (allowed (check q')) eqn:Yes; [|reflexivity].
  exfalso.
  apply Certain.
  apply allowed_iff in Yes.
  destruct Yes as (G & A & i & S).
  apply undetermined_iff.
  assert (P : forall j, in_all q' false j = true -> in_all q true j = true).
  { intros j H.
    apply in_all_refines.
    revert H.
    unfold in_all.
    rewrite !andb_true_iff, !forallb_forall.
    intros [W H].
    split; [exact W|].
    intros a Ha.
    apply sure_possible, H, Ha. }
  split; [exact G|].
  split; [exact No|].
  split; [|exists i; apply P, S].
  intros j E.
  apply P, A, E.
Qed.
End KnowsMore.

(** Neither a certain effect nor none: it depends on unknown facts. *)
Definition is_uncertain (x : option effect) : Prop :=
  match x with Some (MayBeGranted, _) | Some (MayBeDenied, _) => True | _ => False end.

Lemma certain_run x fs i : ~ is_uncertain x -> possible fs i = sure fs i ->
  possible (opt x ++ fs) i = sure (opt x ++ fs) i.
Proof. destruct x as [[[] m]|]; cbn; intros C ->; try reflexivity; contradiction C; exact I. Qed.

Lemma known_entry q a e : (forall s, member q a s <> UnknownMember) ->
  (forall d k, exists t, q_verdict q d k = certain t) -> ~ is_uncertain (entry_effect q a e).
Proof.
  intros Known Verdicts.
  assert (R : forall allows, ~ is_uncertain (resolve q a e allows true)).
  { intros allows.
    unfold resolve.
    destruct (is_elsewhere q e); [exact (fun F => F)|].
    destruct (allows && _); [exact (fun F => F)|].
    destruct (a_data e) as [|k|]; try (destruct allows; exact (fun F => F)).
    destruct (Verdicts (negb allows) k) as [[] ->], allows; exact (fun F => F). }
  assert (A : forall allows, ~ is_uncertain (access q a e allows)).
  { intros allows.
    unfold access.
    destruct (a_trustee e) as [t|]; [|exact (fun F => F)].
    destruct (meant q t) as [s|]; [|exact (fun F => F)].
    specialize (Known s).
    destruct (member q a s); try apply R; try exact (fun F => F); try contradiction.
    destruct allows; [exact (fun F => F)|apply R]. }
  unfold entry_effect.
  destruct (a_inherit_only e); [exact (fun F => F)|].
  destruct (a_kind e); [apply A| |exact (fun F => F)|].
  - destruct (is_container a); [exact (fun F => F)|apply A].
  - destruct (is_container a || _); exact (fun F => F).
Qed.

Lemma known_owner q a es : (forall s, membership_of (q_caller q) s <> UnknownMember) ->
  ~ is_uncertain (implicit_owner_rights q a es).
Proof.
  intros Known.
  unfold implicit_owner_rights, owner_rights, owner_membership.
  destruct (is_container a); [exact (fun F => F)|].
  destruct (intersects _ _); [|exact (fun F => F)].
  destruct (owner _) as [s|]; [|exact (fun F => F)].
  destruct (existsb _ es); [exact (fun F => F)|].
  specialize (Known s).
  destruct (restriction _); [destruct (restricting_membership _ s)|];
    destruct (membership_of _ s); try exact (fun F => F); contradiction.
Qed.

Lemma known_member q a s : (forall s, membership_of (q_caller q) s <> UnknownMember) ->
  member q a s <> UnknownMember.
Proof.
  intros Known.
  destruct a; cbn [member].
  - apply Known.
  - unfold restricting_membership.
    destruct (restriction _) as [[]|]; [|discriminate].
    destruct (negb _ && _); discriminate.
  - unfold container_membership.
    destruct (container _); [|discriminate].
    specialize (Known s).
    destruct (membership_of _ s); try contradiction; try discriminate;
      destruct (container_holds _ s); discriminate.
Qed.

(** If every fact is known, what is possible is certain. *)
Lemma known_bits q i : (forall s, membership_of (q_caller q) s <> UnknownMember) ->
  (forall d k, exists t, q_verdict q d k = certain t) -> in_all q true i = in_all q false i.
Proof.
  intros Known Verdicts.
  assert (Eff : forall a es j, possible (effects q a es) j = sure (effects q a es) j).
  { intros a es j.
    induction es as [|e es IH]; [reflexivity|].
    apply (certain_run (entry_effect q a e)); [|exact IH].
    apply known_entry; [|exact Verdicts].
    intros s.
    apply known_member, Known. }
  assert (Pass : forall a j, possible (all_effects q a) j = sure (all_effects q a) j).
  { intros a j.
    assert (B : possible (pass_effects q a) j = sure (pass_effects q a) j).
    { unfold pass_effects.
      destruct (dacl _) as [es|]; [|destruct (is_container a); reflexivity].
      apply certain_run; [apply known_owner, Known|apply Eff]. }
    unfold all_effects, begins, before.
    destruct a; [| |exact B]; destruct (limit q); cbn [app run settles]; rewrite B; reflexivity. }
  unfold in_all.
  f_equal.
  induction (accounts q) as [|a l IH]; cbn [forallb]; [reflexivity|].
  rewrite Pass, IH.
  reflexivity.
Qed.

(** Law 11: if every fact is known, no answer is undetermined. *)
Theorem law_11_certain q : (forall s, membership_of (q_caller q) s <> UnknownMember) ->
  (forall d k, exists t, q_verdict q d k = certain t) -> why (check q) <> Some Undetermined.
Proof.
  intros Known Verdicts U.
  apply undetermined_iff in U.
  destruct U as (G & No & All & i & P).
  assert (Eq : forall j, in_all q true j = in_all q false j) by (intros j; apply known_bits; assumption).
  assert (A : allowed (check q) = true).
  { apply allowed_iff.
    split; [exact G|].
    split; [intros j H; rewrite <- Eq; apply All, H|].
    exists i.
    rewrite <- Eq.
    exact P. }
  congruence.
Qed.

(** * Law 15 *)

(** Law 15: the order of the groups, and how often each is given, change no detail of a decision. *)
Theorem law_15 q gs : (forall d s, in_groups gs d s = in_groups (groups (q_caller q)) d s) ->
  check (with_knowledge q gs (groups_complete (q_caller q)) (ruled_out (q_caller q)) (q_verdict q)) = check q.
Proof.
  intros H.
  set (q' := with_knowledge _ _ _ _ _).
  assert (M : forall s, membership_of (q_caller q') s = membership_of (q_caller q) s).
  { intros s.
    unfold membership_of.
    cbn [q' with_knowledge q_caller groups user user_deny_only ruled_out groups_complete].
    rewrite !H.
    reflexivity. }
  assert (Mem : forall a s, member q' a s = member q a s).
  { intros [] s; cbn [member]; [apply M|reflexivity|].
    unfold container_membership.
    rewrite M.
    reflexivity. }
  apply same_effects_same_check; try reflexivity.
  change (q_descriptor q') with (q_descriptor q).
  destruct (dacl (q_descriptor q)) as [es|]; [|exact I].
  intros a.
  split.
  - unfold implicit_owner_rights, owner_rights, owner_membership.
    change (q_descriptor q') with (q_descriptor q).
    destruct (owner _) as [s|]; [|reflexivity].
    rewrite M.
    reflexivity.
  - apply map_ext.
    intros e.
    unfold entry_effect, access.
    change (meant q') with (meant q).
    destruct (a_trustee e) as [t|]; [|reflexivity].
    destruct (meant q t) as [s|]; [|reflexivity].
    rewrite Mem.
    reflexivity.
Qed.
End Knowing.
