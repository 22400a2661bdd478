(** Lemmas for the laws: from the effects of a list of entries to the answer. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk.
Import ListNotations.
Local Open Scope N_scope.

(** * Lists of effects *)

(** Effects before others: if the others grant no less, all of them do. *)
Lemma run_app h p fs fs' i :
  (run h fs i = true -> run h fs' i = true) -> run h (p ++ fs) i = true -> run h (p ++ fs') i = true.
Proof.
  intros H.
  induction p as [|[f m] p IH]; cbn; [exact H|].
  destruct (settles h f), (bit m i); auto.
Qed.

Lemma run_app_eq h p fs fs' i : run h fs i = run h fs' i -> run h (p ++ fs) i = run h (p ++ fs') i.
Proof.
  intros H.
  induction p as [|[f m] p IH]; cbn; [exact H|].
  rewrite IH.
  reflexivity.
Qed.

Definition is_grant (x : option effect) : Prop :=
  match x with Some (Granted, _) | Some (MayBeGranted, _) | None => True | _ => False end.

Definition is_denial (x : option effect) : Prop :=
  match x with Some (Denied, _) | Some (MayBeDenied, _) | None => True | _ => False end.

Lemma drop_deny h x fs i : is_denial x -> run h (opt x ++ fs) i = true -> run h fs i = true.
Proof. destruct x as [[[] m]|], h; cbn; intros []; auto; destruct (bit m i); auto; discriminate. Qed.

Lemma add_allow h x fs i : is_grant x -> run h fs i = true -> run h (opt x ++ fs) i = true.
Proof. destruct x as [[[] m]|], h; cbn; intros []; auto; destruct (bit m i); auto. Qed.

(** All rights of one mask are among those of another. *)
Definition within (a b : mask) : Prop := forall i, bit a i = true -> bit b i = true.

Section Effects.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e x y : ace condition.
Implicit Types es : list (ace condition).

(** * Questions that differ in one part *)

Definition with_dacl q es : question condition :=
  let d := q_descriptor q in
  {| q_descriptor :=
       {| owner := owner d; has_group := has_group d; dacl := Some es; sacl := sacl d |};
     q_caller := q_caller q; q_desired := q_desired q; q_options := q_options q; q_part := q_part q;
     q_evaluates_policies := q_evaluates_policies q; q_verdict := q_verdict q |}.

Definition asking q (desired : mask) : question condition :=
  {| q_descriptor := q_descriptor q; q_caller := q_caller q; q_desired := desired; q_options := q_options q;
     q_part := q_part q; q_evaluates_policies := q_evaluates_policies q; q_verdict := q_verdict q |}.

(** * From bits to answers *)

(** If each bit that is certain stays so, the answer grants no less. *)
Lemma grants_no_less q q' :
  (refusal q = None -> refusal q' = None) -> explicit (req q') = explicit (req q) ->
  (forall i, in_all q false i = true -> in_all q' false i = true) ->
  within (granted_of (check q)) (granted_of (check q')).
Proof.
  intros Free Ex Sure i.
  rewrite !granted_iff, !allowed_iff, Ex.
  intros [(G & All & j & Some) H].
  repeat split; eauto.
Qed.

(** If the bits that are certain and possible are the same, the answer is. *)
Lemma same_bits_same_answer q q' : refusal q' = refusal q -> req q' = req q ->
  (forall h i, in_all q h i = in_all q' h i) -> same_answer (check q) (check q').
Proof.
  intros Free Req Same.
  destruct (refusal q) as [w|] eqn:E; [unfold check; rewrite Free, E; reflexivity|].
  destruct (check_is q E) as ([G P] & HG & HP & S).
  destruct (check_is q' Free) as ([G' P'] & HG' & HP' & S').
  cbn [g_certain g_possible] in *.
  assert (G' = G) as -> by (apply mask_eq; intros i; rewrite HG, HG', Same; reflexivity).
  assert (P' = P) as -> by (apply mask_eq; intros i; rewrite HP, HP', Same; reflexivity).
  rewrite Req in S'.
  destruct (check q), (check q'), (decide (req q) _); cbn in *; congruence || contradiction.
Qed.

(** The effects of a DACL in a pass. *)
Definition dacl_effects q (a : account) es : list effect :=
  opt (implicit_owner_rights q a es) ++ effects q a es.

Lemma all_effects_with_dacl q a es : all_effects (with_dacl q es) a = begins q a ++ dacl_effects q a es.
Proof. reflexivity. Qed.

Lemma dacl_in_all q es es' h i :
  (forall a, run h (dacl_effects q a es) i = true -> run h (dacl_effects q a es') i = true) ->
  in_all (with_dacl q es) h i = true -> in_all (with_dacl q es') h i = true.
Proof.
  intros H.
  unfold in_all.
  change (req (with_dacl q es')) with (req (with_dacl q es)).
  change (accounts (with_dacl q es')) with (accounts (with_dacl q es)).
  rewrite !andb_true_iff, !forallb_forall.
  intros [W S].
  split; [exact W|].
  intros a Ha.
  specialize (S a Ha).
  rewrite all_effects_with_dacl in *.
  eapply run_app; [apply H|exact S].
Qed.

(** A DACL that grants no less in each pass grants no less. *)
Lemma dacl_grants_no_less q es es' :
  (forall a i, sure (dacl_effects q a es) i = true -> sure (dacl_effects q a es') i = true) ->
  within (granted_of (check (with_dacl q es))) (granted_of (check (with_dacl q es'))).
Proof.
  intros H.
  apply grants_no_less; [exact (fun G => G)|reflexivity|].
  intros i.
  apply dacl_in_all.
  auto.
Qed.

(** A DACL that has the same effect on each bit in each pass gives the same answer. *)
Lemma dacl_same_answer q es es' :
  (forall h a i, In a (accounts q) -> bit (wanted (req q)) i = true ->
     run h (dacl_effects q a es) i = run h (dacl_effects q a es') i) ->
  same_answer (check (with_dacl q es)) (check (with_dacl q es')).
Proof.
  intros H.
  apply same_bits_same_answer; [reflexivity..|].
  intros h i.
  unfold in_all.
  change (req (with_dacl q es')) with (req q).
  change (req (with_dacl q es)) with (req q).
  change (accounts (with_dacl q es')) with (accounts q).
  change (accounts (with_dacl q es)) with (accounts q).
  destruct (bit (wanted (req q)) i) eqn:W; [|reflexivity].
  apply eq_true_iff_eq.
  cbn [andb].
  rewrite !forallb_forall.
  assert (E : forall a, In a (accounts q) ->
    run h (all_effects (with_dacl q es) a) i = run h (all_effects (with_dacl q es') a) i).
  { intros a Ha.
    rewrite !all_effects_with_dacl.
    apply run_app_eq, H; assumption. }
  split; intros A a Ha; [rewrite <- E | rewrite E]; auto.
Qed.

(** * The effects of entries *)

Lemma effects_app q a l1 l2 : effects q a (l1 ++ l2) = effects q a l1 ++ effects q a l2.
Proof. apply flat_map_app. Qed.

Lemma effects_insert q a l1 x l2 :
  effects q a (l1 ++ x :: l2) = effects q a l1 ++ opt (entry_effect q a x) ++ effects q a l2.
Proof. apply effects_app. Qed.

Lemma resolve_allow q a e certain : is_grant (resolve q a e true certain).
Proof.
  unfold resolve.
  destruct (is_elsewhere q e); [exact I|].
  destruct (true && _); [exact I|].
  destruct (a_data e), certain; try exact I; destruct (judged _ _); exact I.
Qed.

Lemma resolve_deny q a e certain : is_denial (resolve q a e false certain).
Proof.
  unfold resolve.
  destruct (is_elsewhere q e); [exact I|].
  cbn [andb].
  destruct (a_data e), certain; try exact I; destruct (judged _ _); exact I.
Qed.

(** An Allow only grants. *)
Lemma allow_grants q a e : a_kind e = KAllow -> is_grant (entry_effect q a e).
Proof.
  intros K.
  unfold entry_effect, access.
  rewrite K.
  destruct (a_inherit_only e); [exact I|].
  destruct (a_trustee e) as [t|]; [|exact I].
  destruct (meant q t) as [s|]; [|exact I].
  destruct (member q a s); try exact I; apply resolve_allow.
Qed.

(** Every other entry only denies. *)
Lemma other_denies q a e : a_kind e <> KAllow -> is_denial (entry_effect q a e).
Proof.
  intros K.
  unfold entry_effect, access.
  destruct (a_inherit_only e); [exact I|].
  destruct (a_kind e); try contradiction; try exact I.
  - destruct (is_container a); [exact I|].
    destruct (a_trustee e) as [t|]; [|exact I].
    destruct (meant q t) as [s|]; [|exact I].
    destruct (member q a s); try exact I; apply resolve_deny.
  - destruct (is_container a || _); exact I.
Qed.

(** * The implicit rights of the owner *)

Lemma owner_grants q a es : is_grant (implicit_owner_rights q a es).
Proof.
  unfold implicit_owner_rights, owner_rights.
  destruct (is_container a); [exact I|].
  destruct (intersects _ _); [|exact I].
  destruct (owner _); [|exact I].
  destruct (existsb _ _); [exact I|].
  destruct (owner_membership q _); exact I.
Qed.

Lemma owner_same q a es es' : existsb (replaces_owner q) es = existsb (replaces_owner q) es' ->
  implicit_owner_rights q a es = implicit_owner_rights q a es'.
Proof.
  intros H.
  unfold implicit_owner_rights, owner_rights.
  rewrite H.
  reflexivity.
Qed.

Lemma owner_replaced q a es : existsb (replaces_owner q) es = true -> implicit_owner_rights q a es = None.
Proof.
  intros H.
  unfold implicit_owner_rights, owner_rights.
  rewrite H.
  destruct (is_container a); [reflexivity|].
  destruct (intersects _ _); [|reflexivity].
  destruct (owner _); reflexivity.
Qed.

Lemma replaces_insert q x l1 l2 :
  existsb (replaces_owner q) (l1 ++ x :: l2) = replaces_owner q x || existsb (replaces_owner q) (l1 ++ l2).
Proof.
  rewrite !existsb_app.
  cbn.
  destruct (existsb (replaces_owner q) l1), (replaces_owner q x); reflexivity.
Qed.

(** * Entries without an effect *)

Lemma entries_insert q a x l2 : entry_effect q a x = None -> forall l1 s,
  entries q a (l1 ++ x :: l2) s = entries q a (l1 ++ l2) s.
Proof.
  intros N l1.
  induction l1 as [|e l1 IH]; intros s; cbn [app entries].
  - rewrite N.
    cbn [apply_effect].
    destruct (is_settled (req q) s) eqn:S; [|reflexivity].
    destruct l2 as [|e l2]; cbn [entries]; [reflexivity|].
    rewrite S.
    reflexivity.
  - destruct (is_settled (req q) s); [reflexivity|].
    apply IH.
Qed.

(** If the states after each pass are equal, so are the decisions, in every detail. *)
Lemma same_passes_same_check q q' : refusal q' = refusal q -> req q' = req q -> accounts q' = accounts q ->
  (forall a, after_pass q' a = after_pass q a) -> check q' = check q.
Proof.
  intros Free Req Acc H.
  injection Acc as Acc.
  assert (E : forall f : access_state -> mask,
    in_each_pass q' (fun a => f (after_pass q' a)) = in_each_pass q (fun a => f (after_pass q a))).
  { intros f.
    unfold in_each_pass.
    rewrite Acc, H.
    clear Acc.
    generalize (f (after_pass q OfCaller)).
    induction (further_accounts q) as [|a l IH]; intros m; cbn [fold_left]; [reflexivity|].
    rewrite H.
    apply IH. }
  unfold check, grants_of_passes.
  rewrite Free, Req, (E granted), (E may_granted).
  reflexivity.
Qed.

Lemma entries_ext q q' a : req q' = req q -> forall es es' s,
  map (entry_effect q' a) es' = map (entry_effect q a) es -> entries q' a es' s = entries q a es s.
Proof.
  intros R es.
  induction es as [|e es IH]; intros [|e' es'] s H; cbn in H; try discriminate; [reflexivity|].
  injection H as He Hes.
  cbn [entries].
  rewrite R, He.
  destruct (is_settled (req q) s); [reflexivity|].
  apply IH, Hes.
Qed.

(** If all effects are the same, so are the decisions, in every detail. *)
Lemma same_effects_same_check q q' :
  refusal q' = refusal q -> req q' = req q -> accounts q' = accounts q -> unprotected q' = unprotected q ->
  (forall a, begins q' a = begins q a) ->
  match dacl (q_descriptor q'), dacl (q_descriptor q) with
  | None, None => True
  | Some es', Some es => forall a,
      implicit_owner_rights q' a es' = implicit_owner_rights q a es /\
      map (entry_effect q' a) es' = map (entry_effect q a) es
  | _, _ => False
  end -> check q' = check q.
Proof.
  intros Free Req Acc Un Begin Entries.
  apply same_passes_same_check; try assumption.
  intros a.
  unfold after_pass, pass.
  rewrite Req, Begin, Un.
  destruct (dacl (q_descriptor q')) as [es'|], (dacl (q_descriptor q)) as [es|]; try contradiction.
  - destruct (Entries a) as [-> E].
    apply entries_ext; assumption.
  - reflexivity.
Qed.

(** An entry without an effect, which does not replace the owner's rights, changes no detail of the
    decision. *)
Lemma without_effect q l1 x l2 : (forall a, entry_effect q a x = None) -> replaces_owner q x = false ->
  check (with_dacl q (l1 ++ x :: l2)) = check (with_dacl q (l1 ++ l2)).
Proof.
  intros N R.
  apply same_passes_same_check; [reflexivity..|].
  intros a.
  unfold after_pass.
  change (begins (with_dacl q (l1 ++ x :: l2)) a) with (begins q a).
  change (begins (with_dacl q (l1 ++ l2)) a) with (begins q a).
  change (req (with_dacl q (l1 ++ x :: l2))) with (req q).
  change (req (with_dacl q (l1 ++ l2))) with (req q).
  generalize (fold_left apply_bits (begins q a) (start (wanted (req q)))).
  intros s.
  change (entries q a (l1 ++ x :: l2) (apply_effect s (implicit_owner_rights q a (l1 ++ x :: l2))) =
          entries q a (l1 ++ l2) (apply_effect s (implicit_owner_rights q a (l1 ++ l2)))).
  rewrite (owner_same q a (l1 ++ x :: l2) (l1 ++ l2)) by (rewrite replaces_insert, R; reflexivity).
  apply entries_insert, N.
Qed.
End Effects.
