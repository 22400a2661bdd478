(** Laws about the entries of a DACL: for all masks, lists of any length, callers, options and parts of an
    object. Each holds of a request for the maximum, too. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects.
Import ListNotations.
Local Open Scope N_scope.

Section Laws.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e x y : ace condition.
Implicit Types es : list (ace condition).

Lemma law_1_effects q l1 x l2 a i : a_kind x <> KAllow ->
  sure (dacl_effects q a (l1 ++ x :: l2)) i = true -> sure (dacl_effects q a (l1 ++ l2)) i = true.
Proof.
  intros K.
  unfold dacl_effects.
  rewrite effects_insert, effects_app.
  intros H.
  assert (H' : sure (opt (implicit_owner_rights q a (l1 ++ x :: l2)) ++
    effects q a l1 ++ effects q a l2) i = true).
  { eapply run_app; [|exact H].
    apply run_app, drop_deny, other_denies, K. }
  clear H.
  destruct (replaces_owner q x) eqn:R.
  - rewrite owner_replaced in H' by (rewrite replaces_insert, R; reflexivity).
    apply add_allow; [apply owner_grants|exact H'].
  - rewrite (owner_same q a _ (l1 ++ l2)) in H' by (rewrite replaces_insert, R; reflexivity).
    exact H'.
Qed.

(** Law 1: an entry that does not allow, put anywhere into a DACL, never grants more. *)
Theorem law_1 q l1 x l2 : a_kind x <> KAllow ->
  within (granted_of (check (with_dacl q (l1 ++ x :: l2)))) (granted_of (check (with_dacl q (l1 ++ l2)))).
Proof.
  intros K.
  apply dacl_grants_no_less.
  intros a i.
  apply law_1_effects, K.
Qed.

Lemma law_2_effects q l1 x l2 a i : a_kind x = KAllow -> replaces_owner q x = false ->
  sure (dacl_effects q a (l1 ++ l2)) i = true -> sure (dacl_effects q a (l1 ++ x :: l2)) i = true.
Proof.
  intros K R.
  unfold dacl_effects.
  rewrite effects_insert, effects_app.
  rewrite (owner_same q a (l1 ++ x :: l2) (l1 ++ l2)) by (rewrite replaces_insert, R; reflexivity).
  apply run_app, run_app, add_allow, allow_grants, K.
Qed.

(** Law 2: an Allow, put anywhere into a DACL, never grants less, unless it is for Owner Rights and not
    inherit-only. *)
Theorem law_2 q l1 x l2 : a_kind x = KAllow -> replaces_owner q x = false ->
  within (granted_of (check (with_dacl q (l1 ++ l2)))) (granted_of (check (with_dacl q (l1 ++ x :: l2)))).
Proof.
  intros K R.
  apply dacl_grants_no_less.
  intros a i.
  apply law_2_effects; assumption.
Qed.

(** Law 6: inherit-only entries, and system entries that are not for Owner Rights, change no detail of a
    decision. *)
Theorem law_6 q l1 x l2 :
  a_inherit_only x = true \/ (a_kind x = KSystem /\ replaces_owner q x = false) ->
  check (with_dacl q (l1 ++ x :: l2)) = check (with_dacl q (l1 ++ l2)).
Proof.
  intros H.
  apply without_effect.
  - intros a.
    unfold entry_effect.
    destruct H as [-> | [-> _]]; [reflexivity|].
    destruct (a_inherit_only x); reflexivity.
  - destruct H as [H | [_ H]]; [|exact H].
    unfold replaces_owner.
    rewrite H.
    reflexivity.
Qed.

(** Entries for Creator Owner and Creator Group change no detail of a decision. *)
Theorem creators_never_matter q l1 x l2 :
  a_trustee x = Some CreatorOwner \/ a_trustee x = Some CreatorGroup -> a_kind x <> KUnknown ->
  check (with_dacl q (l1 ++ x :: l2)) = check (with_dacl q (l1 ++ l2)).
Proof.
  intros T K.
  apply without_effect.
  - intros a.
    unfold entry_effect, access.
    destruct (a_inherit_only x); [reflexivity|].
    destruct T as [-> | ->], (a_kind x), (is_container a); try reflexivity; contradiction.
  - unfold replaces_owner.
    destruct T as [-> | ->], (a_kind x); try (apply andb_false_r); contradiction.
Qed.

Lemma effect_twice s (x : option effect) : apply_effect (apply_effect s x) x = apply_effect s x.
Proof.
  destruct x as [[f m]|]; [|reflexivity].
  destruct s as [o g d].
  unfold apply_effect, apply_bits.
  cbn [fst snd open may_granted may_denied].
  destruct f; f_equal; apply mask_eq; intros i; autorewrite with bits;
    destruct (bit o i), (bit g i), (bit d i), (bit m i); reflexivity.
Qed.

Lemma entries_twice q a x l2 : forall l1 s,
  entries q a (l1 ++ x :: x :: l2) s = entries q a (l1 ++ x :: l2) s.
Proof.
  intros l1.
  induction l1 as [|e l1 IH]; intros s; cbn [app entries].
  - destruct (is_settled (req q) s); [reflexivity|].
    rewrite effect_twice.
    destruct (is_settled (req q) (apply_effect s (entry_effect q a x))) eqn:S; [|reflexivity].
    destruct l2 as [|e l2]; cbn [entries]; [reflexivity|].
    rewrite S.
    reflexivity.
  - destruct (is_settled (req q) s); [reflexivity|].
    apply IH.
Qed.

(** Law 7: an entry that is repeated next to itself changes no detail of a decision. *)
Theorem law_7 q l1 x l2 :
  check (with_dacl q (l1 ++ x :: x :: l2)) = check (with_dacl q (l1 ++ x :: l2)).
Proof.
  apply same_passes_same_check; [reflexivity..|].
  intros a.
  unfold after_pass.
  change (begins (with_dacl q (l1 ++ x :: x :: l2)) a) with (begins q a).
  change (begins (with_dacl q (l1 ++ x :: l2)) a) with (begins q a).
  change (req (with_dacl q (l1 ++ x :: x :: l2))) with (req q).
  change (req (with_dacl q (l1 ++ x :: l2))) with (req q).
  generalize (fold_left apply_bits (begins q a) (start (wanted (req q)))).
  intros s.
  change (entries q a (l1 ++ x :: x :: l2) (apply_effect s (implicit_owner_rights q a (l1 ++ x :: x :: l2))) =
          entries q a (l1 ++ x :: l2) (apply_effect s (implicit_owner_rights q a (l1 ++ x :: l2)))).
  rewrite (owner_same q a (l1 ++ x :: x :: l2) (l1 ++ x :: l2))
    by (rewrite !replaces_insert; destruct (replaces_owner q x); reflexivity).
  apply entries_twice.
Qed.

(** Law 8: a Deny that is moved ahead of the Allow before it never grants more. *)
Theorem law_8 q l1 x y l2 : a_kind x = KAllow -> a_kind y <> KAllow ->
  within (granted_of (check (with_dacl q (l1 ++ y :: x :: l2))))
    (granted_of (check (with_dacl q (l1 ++ x :: y :: l2)))).
Proof.
  intros Kx Ky.
  apply dacl_grants_no_less.
  intros a i.
  unfold dacl_effects.
  rewrite (owner_same q a (l1 ++ y :: x :: l2) (l1 ++ x :: y :: l2))
    by (rewrite !replaces_insert; destruct (replaces_owner q x), (replaces_owner q y); reflexivity).
  rewrite !effects_app.
  apply run_app, run_app.
  cbn [effects flat_map].
  pose proof (allow_grants q a x Kx) as Gx.
  pose proof (other_denies q a y Ky) as Dy.
  destruct (entry_effect q a x) as [[[] m]|], (entry_effect q a y) as [[[] n]|]; cbn in *; try contradiction;
    auto; try destruct (bit m i); try destruct (bit n i); auto; discriminate.
Qed.

(** An entry has an effect on this bit in some pass. *)
Definition about q e (i : N) : Prop := exists a f m, entry_effect q a e = Some (f, m) /\ bit m i = true.

(** Neighbours may change places if both allow, if neither allows, or if no bit is common to their effects. *)
Theorem order q l1 x y l2 :
  (a_kind x = KAllow /\ a_kind y = KAllow) \/ (a_kind x <> KAllow /\ a_kind y <> KAllow) \/
    (forall i, about q x i -> about q y i -> False) ->
  same_answer (check (with_dacl q (l1 ++ x :: y :: l2))) (check (with_dacl q (l1 ++ y :: x :: l2))).
Proof.
  intros H.
  apply dacl_same_answer.
  intros h a i _ _.
  unfold dacl_effects.
  rewrite (owner_same q a (l1 ++ x :: y :: l2) (l1 ++ y :: x :: l2))
    by (rewrite !replaces_insert; destruct (replaces_owner q x), (replaces_owner q y); reflexivity).
  rewrite !effects_app.
  apply run_app_eq, run_app_eq.
  cbn [effects flat_map].
  destruct (entry_effect q a x) as [[f m]|] eqn:Ex, (entry_effect q a y) as [[g n]|] eqn:Ey; try reflexivity.
  cbn.
  destruct (bit m i) eqn:Em, (bit n i) eqn:En; try reflexivity.
  destruct H as [[Kx Ky] | [[Kx Ky] | H]].
  - pose proof (allow_grants q a x Kx) as A.
    pose proof (allow_grants q a y Ky) as B.
    rewrite Ex in A.
    rewrite Ey in B.
    destruct f, g, h; cbn in *; try contradiction; reflexivity.
  - pose proof (other_denies q a x Kx) as A.
    pose proof (other_denies q a y Ky) as B.
    rewrite Ex in A.
    rewrite Ey in B.
    destruct f, g, h; cbn in *; try contradiction; reflexivity.
  - exfalso.
    apply (H i); unfold about; eauto 6.
Qed.

(** * Entries of an unknown type *)

(** An entry of an unknown type denies every right that is not settled before it. *)
Theorem law_18_denies q a x fs fs' i : a_kind x = KUnknown -> a_inherit_only x = false ->
  skip_unknown_types (q_options q) = false -> a <> OfContainer -> i < 32 ->
  sure (fs ++ opt (entry_effect q a x) ++ fs') i = sure fs i.
Proof.
  intros K I Skip A Small.
  assert (E : entry_effect q a x = Some (Denied, everything)).
  { unfold entry_effect.
    rewrite I, K, Skip.
    destruct a; try reflexivity.
    contradiction. }
  assert (B : bit everything i = true) by (apply N.ones_spec_low, Small).
  rewrite E.
  induction fs as [|[f m] fs IH].
  - cbn [app opt run settles].
    rewrite B.
    reflexivity.
  - cbn [app run].
    rewrite IH.
    reflexivity.
Qed.

(** Law 18: the answer with an entry of an unknown type is that with a Deny of every right to the caller, if
    the owner has no implicit rights and the caller is not restricted. *)
Theorem law_18 q l1 x y l2 m : a_kind x = KUnknown -> a_inherit_only x = false ->
  skip_unknown_types (q_options q) = false ->
  a_kind y = KDeny -> entry_effect q OfCaller y = Some (Denied, m) -> within (wanted (req q)) m ->
  within (wanted (req q)) everything ->
  existsb (replaces_owner q) (l1 ++ l2) = true -> restriction (q_caller q) = None ->
  same_answer (check (with_dacl q (l1 ++ x :: l2))) (check (with_dacl q (l1 ++ y :: l2))).
Proof.
  intros Kx I Skip Ky Ey All Small Replaced Free.
  apply dacl_same_answer.
  intros h a i Ha W.
  unfold dacl_effects.
  rewrite !owner_replaced by (rewrite replaces_insert, Replaced; apply orb_true_r).
  rewrite !effects_insert.
  apply run_app_eq.
  apply run_app_eq.
  unfold accounts, further_accounts in Ha.
  rewrite Free in Ha.
  destruct a.
  - rewrite Ey.
    unfold entry_effect.
    rewrite I, Kx, Skip.
    cbn [is_container orb opt app run settles].
    rewrite (All i W), (Small i W).
    reflexivity.
  - exfalso.
    destruct (container (q_caller q)); cbn in Ha; intuition discriminate.
  - unfold entry_effect.
    rewrite I, Kx, Ky.
    destruct (a_inherit_only y); reflexivity.
Qed.

Definition is_known e : bool := match a_kind e with KUnknown => false | _ => true end.

(** Law 18, with the option to skip them: entries of unknown types, which have no trustee, change no
    detail. *)
Theorem law_18_skipped q es : skip_unknown_types (q_options q) = true ->
  (forall e, In e es -> a_kind e = KUnknown -> a_trustee e = None) ->
  check (with_dacl q (filter is_known es)) = check (with_dacl q es).
Proof.
  intros Skip.
  change (filter is_known es) with ([] ++ filter is_known es).
  change (with_dacl q es) with (with_dacl q ([] ++ es)).
  generalize (@nil (ace condition)) as l.
  induction es as [|e es IH]; intros l Opaque; [reflexivity|].
  assert (Rest : forall x, In x es -> a_kind x = KUnknown -> a_trustee x = None).
  { intros x Hx.
    apply Opaque.
    right.
    exact Hx. }
  cbn [filter].
  destruct (is_known e) eqn:K.
  - specialize (IH (l ++ [e]) Rest).
    rewrite <- !app_assoc in IH.
    exact IH.
  - rewrite (IH l Rest).
    symmetry.
    unfold is_known in K.
    destruct (a_kind e) eqn:Ke; try discriminate.
    apply without_effect.
    + intros a.
      unfold entry_effect.
      rewrite Ke, Skip, orb_true_r.
      destruct (a_inherit_only e); reflexivity.
    + unfold replaces_owner.
      rewrite Ke, Skip, (Opaque e (or_introl eq_refl) Ke).
      apply andb_false_r.
Qed.

(** * Conditions *)

(** An Allow with a condition that is unknown has no effect. *)
Theorem unknown_never_grants q a e k : a_kind e = KAllow -> a_data e = Conditional k ->
  q_verdict q false k = certain UnknownT -> entry_effect q a e = None.
Proof.
  intros K D V.
  unfold entry_effect, access, resolve.
  rewrite K, D.
  cbn [negb].
  rewrite V.
  destruct (a_inherit_only e); [reflexivity|].
  destruct (a_trustee e) as [t|]; [|reflexivity].
  destruct (meant q t) as [s|]; [|reflexivity].
  destruct (member q a s), (is_elsewhere q e), (is_unevaluated q e); reflexivity.
Qed.

Definition without_condition e : ace condition :=
  {| a_kind := a_kind e; a_callback := false; a_inherit_only := a_inherit_only e; a_mask := a_mask e;
     a_trustee := a_trustee e; a_object := a_object e; a_data := NoData |}.

(** A Deny with a condition that is unknown has the effect of one without a condition. *)
Theorem unknown_denies q a e k : a_kind e = KDeny -> a_data e = Conditional k ->
  q_verdict q true k = certain UnknownT -> entry_effect q a e = entry_effect q a (without_condition e).
Proof.
  intros K D V.
  unfold entry_effect, access, resolve.
  cbn [a_kind a_inherit_only a_trustee a_data without_condition].
  rewrite K, D.
  cbn [negb].
  rewrite V.
  destruct (a_inherit_only e); [reflexivity|].
  destruct (is_container a); [reflexivity|].
  destruct (a_trustee e) as [t|]; [|reflexivity].
  destruct (meant q t) as [s|]; [|reflexivity].
  destruct (member q a s); reflexivity.
Qed.

(** A callback Allow without application data has no effect. *)
Theorem empty_callback_never_grants q a e : a_kind e = KAllow -> a_callback e = true -> a_data e = NoData ->
  entry_effect q a e = None.
Proof.
  intros K C D.
  unfold entry_effect, access, resolve, is_unevaluated.
  rewrite K, C, D.
  rewrite orb_true_r.
  destruct (a_inherit_only e); [reflexivity|].
  destruct (a_trustee e) as [t|]; [|reflexivity].
  destruct (meant q t) as [s|]; [|reflexivity].
  destruct (member q a s), (is_elsewhere q e); reflexivity.
Qed.

(** A callback Deny without application data denies as one without a condition. *)
Theorem empty_callback_denies q a e : a_kind e = KDeny -> a_callback e = true -> a_data e = NoData ->
  entry_effect q a e = entry_effect q a (without_condition e).
Proof.
  intros K C D.
  unfold entry_effect, access, resolve.
  cbn [a_kind a_inherit_only a_trustee a_data without_condition].
  rewrite K, D.
  reflexivity.
Qed.
End Laws.
