(** Laws that hold of every check of the model, for all masks, lists of entries of any length, callers and options. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits.
Import ListNotations.
Local Open Scope N_scope.

(** * Lists of effects *)
Lemma run_app h p : forall fs fs' i,
  (run h fs i = true -> run h fs' i = true) -> run h (p ++ fs) i = true -> run h (p ++ fs') i = true.
Proof.
  induction p as [|[f m] p IH]; cbn; intros fs fs' i H; auto.
  destruct (settles h f), (bit m i); eauto.
Qed.

Lemma run_app_eq h p fs fs' i : run h fs i = run h fs' i -> run h (p ++ fs) i = run h (p ++ fs') i.
Proof.
  intros H.
  induction p as [|[f m] p IH]; cbn; [exact H|].
  rewrite IH.
  reflexivity.
Qed.

Definition grants (x : option effect) : Prop :=
  match x with Some (Granted, _) | Some (MayBeGranted, _) | None => True | _ => False end.

Definition denies (x : option effect) : Prop :=
  match x with Some (Denied, _) | Some (MayBeDenied, _) | None => True | _ => False end.

Lemma drop_deny x fs i : denies x -> sure (opt x ++ fs) i = true -> sure fs i = true.
Proof.
  destruct x as [[[] m]|]; cbn; intros []; auto; destruct (bit m i); auto; discriminate.
Qed.

Lemma add_allow x fs i : grants x -> sure fs i = true -> sure (opt x ++ fs) i = true.
Proof.
  destruct x as [[[] m]|]; cbn; intros []; auto; destruct (bit m i); auto.
Qed.

Section Laws.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e x y : ace condition.
Implicit Types es : list (ace condition).

Definition with_dacl q es : question condition :=
  let d := q_descriptor q in
  {| q_descriptor := {| owner := owner d; has_group := has_group d; dacl := Some es; label_level := label_level d;
       label_policy := label_policy d; unevaluated_policy := unevaluated_policy d |};
     q_caller := q_caller q; q_desired := q_desired q; q_options := q_options q; q_verdict := q_verdict q |}.

Definition asking q (desired : mask) : question condition :=
  {| q_descriptor := q_descriptor q; q_caller := q_caller q; q_desired := desired; q_options := q_options q;
     q_verdict := q_verdict q |}.

Definition within (a b : mask) : Prop := forall i, bit a i = true -> bit b i = true.

(** ** From bits to answers *)
Lemma grants_no_less q q' : (gate q = None -> gate q' = None) -> explicit (req q') = explicit (req q) ->
  (forall i, in_all q false i = true -> in_all q' false i = true) -> within (granted_of (check q)) (granted_of (check q')).
Proof.
  intros Gate Ex Sure i.
  rewrite !granted_iff, !allowed_iff, Ex.
  intros [(G & All & j & Some) H].
  repeat split; eauto.
Qed.

Lemma same_bits_same_answer q q' : gate q' = gate q -> req q' = req q ->
  (forall h i, in_all q h i = in_all q' h i) -> same_answer (check q) (check q').
Proof.
  intros Gate Req Same.
  destruct (gate q) as [w|] eqn:E; [unfold check; rewrite Gate, E; reflexivity|].
  destruct (check_is q E) as (G & P & HG & HP & S).
  destruct (check_is q' Gate) as (G' & P' & HG' & HP' & S').
  assert (G' = G) as -> by (apply mask_eq; intros i; rewrite HG, HG', Same; reflexivity).
  assert (P' = P) as -> by (apply mask_eq; intros i; rewrite HP, HP', Same; reflexivity).
  rewrite Req in S'.
  destruct (check q), (check q'), (decide (req q) G P); cbn in *; congruence || contradiction.
Qed.

Definition dacl_effects q (member : sid -> membership) es : list effect :=
  opt (owner_effect q member es) ++ effects q member es.

Lemma passes_with_dacl q es : passes (with_dacl q es) =
  (before q ++ dacl_effects q (membership_of (q_caller q)) es) ::
  match restriction (q_caller q) with
  | None => []
  | Some _ => [before q ++ (Granted, exempt q) :: dacl_effects q (restricting_membership (q_caller q)) es]
  end.
Proof. reflexivity. Qed.

Lemma dacl_in_all q es es' h i :
  (forall member, run h (dacl_effects q member es) i = true -> run h (dacl_effects q member es') i = true) ->
  in_all (with_dacl q es) h i = true -> in_all (with_dacl q es') h i = true.
Proof.
  intros H.
  unfold in_all.
  rewrite !passes_with_dacl.
  change (req (with_dacl q es)) with (req q).
  change (req (with_dacl q es')) with (req q).
  rewrite !andb_true_iff.
  intros [W S].
  split; [exact W|].
  destruct (restriction (q_caller q)); cbn [forallb] in *; rewrite !andb_true_iff in *; repeat split;
    try (eapply run_app; [apply H|tauto]).
  eapply run_app; [|apply S].
  apply (run_app h [(Granted, exempt q)]), H.
Qed.

Theorem dacl_grants_no_less q es es' :
  (forall member i, sure (dacl_effects q member es) i = true -> sure (dacl_effects q member es') i = true) ->
  within (granted_of (check (with_dacl q es))) (granted_of (check (with_dacl q es'))).
Proof.
  intros H.
  apply grants_no_less; [exact (fun G => G)|reflexivity|].
  intros i.
  apply dacl_in_all.
  auto.
Qed.

Theorem dacl_same_answer q es es' :
  (forall h member i, run h (dacl_effects q member es) i = run h (dacl_effects q member es') i) ->
  same_answer (check (with_dacl q es)) (check (with_dacl q es')).
Proof.
  intros H.
  apply same_bits_same_answer; [reflexivity..|].
  intros h i.
  apply eq_true_iff_eq.
  split; apply dacl_in_all; intros member; rewrite H; exact (fun S => S).
Qed.

(** ** What entries do *)
Lemma effects_app q member l1 l2 : effects q member (l1 ++ l2) = effects q member l1 ++ effects q member l2.
Proof. apply flat_map_app. Qed.

Lemma reading_allow q e sure : grants (reading q e true sure).
Proof.
  unfold reading.
  destruct (true && _); [exact I|].
  destruct (a_data e); cbn; try (destruct sure; exact I).
  destruct (judged _ _); cbn; destruct sure; exact I.
Qed.

Lemma reading_deny q e sure : denies (reading q e false sure).
Proof.
  unfold reading.
  cbn.
  destruct (a_data e); cbn; try (destruct sure; exact I).
  destruct (judged _ _); cbn; destruct sure; exact I.
Qed.

Lemma allow_grants q member e : a_kind e = KAllow -> grants (entry_effect q member e).
Proof.
  intros K.
  unfold entry_effect, access.
  rewrite K.
  destruct (a_inherit_only e); [exact I|].
  destruct (a_trustee e) as [t|]; [|exact I].
  destruct (meant q t) as [s|]; [|exact I].
  destruct (member s); try exact I; apply reading_allow.
Qed.

Lemma other_denies q member e : a_kind e <> KAllow -> denies (entry_effect q member e).
Proof.
  intros K.
  unfold entry_effect, access.
  destruct (a_inherit_only e); [exact I|].
  destruct (a_kind e); try contradiction; try exact I.
  - destruct (a_trustee e) as [t|]; [|exact I].
    destruct (meant q t) as [s|]; [|exact I].
    destruct (member s); try exact I; apply reading_deny.
  - destruct (skip_unknown_types _); exact I.
Qed.

Lemma owner_grants q member es : grants (owner_effect q member es).
Proof.
  unfold owner_effect.
  destruct (intersects _ _); [|exact I].
  destruct (owner _); [|exact I].
  destruct (member _); try exact I; destruct (existsb _ _); exact I.
Qed.

Lemma owner_same q member es es' : existsb replaces_owner es = existsb replaces_owner es' ->
  owner_effect q member es = owner_effect q member es'.
Proof.
  intros H.
  unfold owner_effect.
  rewrite H.
  reflexivity.
Qed.

Lemma owner_replaced q member es : existsb replaces_owner es = true -> owner_effect q member es = None.
Proof.
  intros H.
  unfold owner_effect.
  rewrite H.
  destruct (intersects _ _); [|reflexivity].
  destruct (owner _); [|reflexivity].
  destruct (member _); reflexivity.
Qed.

Lemma replaces_insert x l1 l2 :
  existsb replaces_owner (l1 ++ x :: l2) = replaces_owner x || existsb replaces_owner (l1 ++ l2).
Proof.
  rewrite !existsb_app.
  cbn.
  destruct (existsb replaces_owner l1), (replaces_owner x); reflexivity.
Qed.

(** ** Law 1: an entry that does not allow, put anywhere, never grants more; for the maximum too *)
Theorem law_1 q l1 x l2 : a_kind x <> KAllow ->
  within (granted_of (check (with_dacl q (l1 ++ x :: l2)))) (granted_of (check (with_dacl q (l1 ++ l2)))).
Proof.
  intros K.
  apply dacl_grants_no_less.
  intros member i.
  unfold dacl_effects.
  rewrite !effects_app.
  change (effects q member (x :: l2)) with (opt (entry_effect q member x) ++ effects q member l2).
  intros H.
  assert (H' : sure (opt (owner_effect q member (l1 ++ x :: l2)) ++ effects q member l1 ++ effects q member
    l2) i = true).
  { eapply run_app; [|exact H].
    apply run_app.
    apply drop_deny, other_denies, K. }
  clear H.
  destruct (replaces_owner x) eqn:R.
  - rewrite owner_replaced in H' by (rewrite replaces_insert, R; reflexivity).
    apply add_allow; [apply owner_grants|exact H'].
  - rewrite (owner_same q member _ (l1 ++ l2)) in H' by (rewrite replaces_insert, R; reflexivity).
    exact H'.
Qed.

(** ** Law 2: an Allow, put anywhere, never grants less, unless it is for Owner Rights and effective *)
Theorem law_2 q l1 x l2 : a_kind x = KAllow -> replaces_owner x = false ->
  within (granted_of (check (with_dacl q (l1 ++ l2)))) (granted_of (check (with_dacl q (l1 ++ x :: l2)))).
Proof.
  intros K R.
  apply dacl_grants_no_less.
  intros member i.
  unfold dacl_effects.
  rewrite !effects_app.
  change (effects q member (x :: l2)) with (opt (entry_effect q member x) ++ effects q member l2).
  rewrite (owner_same q member (l1 ++ x :: l2) (l1 ++ l2)) by (rewrite replaces_insert, R; reflexivity).
  apply run_app, run_app.
  apply add_allow, allow_grants, K.
Qed.

(** ** Law 6: inherit-only entries, and system entries that are not for Owner Rights, change nothing at all *)
Lemma entries_insert q member x l2 : entry_effect q member x = None -> forall l1 l,
  entries q member (l1 ++ x :: l2) l = entries q member (l1 ++ l2) l.
Proof.
  intros N.
  induction l1 as [|e l1 IH]; intros l; cbn [app entries].
  - rewrite N.
    cbn [apply].
    destruct (is_settled (req q) l) eqn:S; [|reflexivity].
    destruct l2 as [|e l2]; cbn [entries]; [reflexivity|].
    rewrite S.
    reflexivity.
  - destruct (is_settled (req q) l); [reflexivity|].
    apply IH.
Qed.

Theorem law_6 q l1 x l2 : a_inherit_only x = true \/ (a_kind x = KSystem /\ replaces_owner x = false) ->
  check (with_dacl q (l1 ++ x :: l2)) = check (with_dacl q (l1 ++ l2)).
Proof.
  intros H.
  assert (N : forall member, entry_effect q member x = None).
  { intros member.
    unfold entry_effect.
    destruct H as [-> | [-> _]]; [reflexivity|].
    destruct (a_inherit_only x); reflexivity. }
  assert (R : replaces_owner x = false).
  { destruct H as [H | [_ H]]; [|exact H].
    unfold replaces_owner.
    rewrite H.
    reflexivity. }
  assert (P : forall member l, pass (with_dacl q (l1 ++ x :: l2)) member l = pass (with_dacl q (l1 ++ l2))
    member l).
  { intros member l.
    change (entries q member (l1 ++ x :: l2) (apply l (owner_effect q member (l1 ++ x :: l2))) = entries q
      member (l1 ++ l2) (apply l (owner_effect q member (l1 ++ l2)))).
    rewrite (owner_same q member (l1 ++ x :: l2) (l1 ++ l2)) by (rewrite replaces_insert, R; reflexivity).
    apply entries_insert, N. }
  unfold check.
  change (gate (with_dacl q (l1 ++ x :: l2))) with (gate (with_dacl q (l1 ++ l2))).
  destruct (gate _); [reflexivity|].
  cbv zeta.
  rewrite !P.
  reflexivity.
Qed.

(** ** Law 7: an entry repeated next to itself changes no answer *)
Theorem law_7 q l1 x l2 : same_answer (check (with_dacl q (l1 ++ x :: x :: l2))) (check (with_dacl q (l1 ++ x :: l2))).
Proof.
  apply dacl_same_answer.
  intros h member i.
  unfold dacl_effects.
  rewrite (owner_same q member (l1 ++ x :: x :: l2) (l1 ++ x :: l2)) by (rewrite !replaces_insert;
    destruct (replaces_owner x); reflexivity).
  rewrite !effects_app.
  apply run_app_eq, run_app_eq.
  cbn.
  destruct (entry_effect q member x) as [[f m]|]; [|reflexivity].
  cbn.
  destruct (bit m i), (settles h f); reflexivity.
Qed.

(** ** Law 8: a Deny moved ahead of the Allow before it never grants more *)
Theorem law_8 q l1 x y l2 : a_kind x = KAllow -> a_kind y <> KAllow ->
  within (granted_of (check (with_dacl q (l1 ++ y :: x :: l2)))) (granted_of (check (with_dacl q (l1 ++ x :: y :: l2)))).
Proof.
  intros Kx Ky.
  apply dacl_grants_no_less.
  intros member i.
  unfold dacl_effects.
  rewrite (owner_same q member (l1 ++ y :: x :: l2) (l1 ++ x :: y :: l2)) by (rewrite !replaces_insert;
    destruct (replaces_owner x), (replaces_owner y); reflexivity).
  rewrite !effects_app.
  apply run_app, run_app.
  cbn.
  pose proof (allow_grants q member x Kx) as Gx.
  pose proof (other_denies q member y Ky) as Dy.
  destruct (entry_effect q member x) as [[[] m]|], (entry_effect q member y) as [[[] n]|]; cbn in *;
    try contradiction; auto; try destruct (bit m i); try destruct (bit n i); auto; discriminate.
Qed.

(** ** Order: neighbours that both allow, or neither of which does, or that are about no common right, may change places *)
Definition about q e (i : N) : Prop := exists member f m, entry_effect q member e = Some (f, m) /\ bit m i = true.

Theorem order q l1 x y l2 :
  (a_kind x = KAllow /\ a_kind y = KAllow) \/ (a_kind x <> KAllow /\ a_kind y <> KAllow) \/
    (forall i, about q x i -> about q y i -> False) ->
  same_answer (check (with_dacl q (l1 ++ x :: y :: l2))) (check (with_dacl q (l1 ++ y :: x :: l2))).
Proof.
  intros H.
  apply dacl_same_answer.
  intros h member i.
  unfold dacl_effects.
  rewrite (owner_same q member (l1 ++ x :: y :: l2) (l1 ++ y :: x :: l2)) by (rewrite !replaces_insert;
    destruct (replaces_owner x), (replaces_owner y); reflexivity).
  rewrite !effects_app.
  apply run_app_eq, run_app_eq.
  cbn.
  destruct (entry_effect q member x) as [[f m]|] eqn:Ex, (entry_effect q member y) as [[g n]|] eqn:Ey;
    try reflexivity.
  cbn.
  destruct (bit m i) eqn:Em, (bit n i) eqn:En; try reflexivity.
  destruct H as [[Kx Ky] | [[Kx Ky] | H]].
  - pose proof (allow_grants q member x Kx) as A.
    pose proof (allow_grants q member y Ky) as B.
    rewrite Ex in A.
    rewrite Ey in B.
    destruct f, g, h; cbn in *; try contradiction; reflexivity.
  - pose proof (other_denies q member x Kx) as A.
    pose proof (other_denies q member y Ky) as B.
    rewrite Ex in A.
    rewrite Ey in B.
    destruct f, g, h; cbn in *; try contradiction; reflexivity.
  - exfalso.
    apply (H i); unfold about; eauto 6.
Qed.

(** ** Why a right is granted *)
Lemma granted_effect q member e m : entry_effect q member e = Some (Granted, m) ->
  a_kind e = KAllow /\ a_inherit_only e = false /\ m = mapped q (a_mask e) /\
  (exists t s, a_trustee e = Some t /\ meant q t = Some s /\ member s = Enabled) /\
  (a_data e = NoData _ \/ exists k, a_data e = Conditional _ k /\ judged false (q_verdict q false k) = Yes).
Proof.
  intros H.
  unfold entry_effect in H.
  destruct (a_inherit_only e) eqn:I; [discriminate|].
  destruct (a_kind e) eqn:K; try discriminate.
  - unfold access in H.
    destruct (a_trustee e) as [t|]; [|discriminate].
    destruct (meant q t) as [s|] eqn:M; [|discriminate].
    destruct (member s) eqn:Mem; try discriminate; unfold reading in H; cbn in H; destruct (a_has_object e);
      try discriminate; destruct (a_data e) as [|k|] eqn:D; try discriminate;
      try (destruct (judged _ _) eqn:J; try discriminate); injection H as <-; repeat split; eauto 8.
  - pose proof (other_denies q member e) as D.
    unfold entry_effect in D.
    rewrite I, K in D.
    rewrite H in D.
    destruct D.
    discriminate.
  - destruct (skip_unknown_types _); discriminate.
Qed.

Theorem granted_is_justified q es i : bit (granted_of (check (with_dacl q es))) i = true ->
  let member := membership_of (q_caller q) in
  bit (privilege_bits q) i = true \/
  ((forall m, limit q = Some m -> bit (complement m) i = false) /\
   ((exists s, owner (q_descriptor q) = Some s /\ member s = Enabled /\
      bit OWNER_IMPLICIT i = true /\ existsb replaces_owner es = false) \/
    (exists l1 e l2 m, es = l1 ++ e :: l2 /\ entry_effect q member e = Some (Granted, m) /\ bit m i = true /\
      forall e', In e' l1 -> forall f n, entry_effect q member e' = Some (f, n) -> bit n i = true -> f = MayBeGranted))).
Proof.
  rewrite granted_iff.
  intros [_ H].
  unfold in_all in H.
  rewrite passes_with_dacl in H.
  cbn [forallb] in H.
  rewrite !andb_true_iff in H.
  destruct H as [_ [H _]].
  intros member.
  fold member in H.
  unfold before in H.
  cbn [app run settles] in H.
  destruct (bit (privilege_bits q) i) eqn:P; [left; reflexivity|right].
  assert (L : (forall m, limit q = Some m -> bit (complement m) i = false) /\ sure (dacl_effects q member es)
    i = true).
  { destruct (limit q) as [m|]; cbn [app run settles] in H.
    - destruct (bit (complement m) i) eqn:C; [discriminate|].
      split; [|exact H].
      intros ? [= <-].
      exact C.
    - split; [discriminate|exact H]. }
  clear H.
  destruct L as [L H].
  split; [exact L|].
  unfold dacl_effects in H.
  assert (O : (exists s, owner (q_descriptor q) = Some s /\ member s = Enabled /\ bit OWNER_IMPLICIT i = true
    /\ existsb replaces_owner es = false) \/ sure (effects q member es) i = true).
  { unfold owner_effect in H.
    destruct (intersects _ _); [|right; exact H].
    destruct (owner _) as [s|]; [|right; exact H].
    destruct (member s) eqn:M; try (right; exact H); destruct (existsb replaces_owner es) eqn:R; try (right;
      exact H); cbn [opt app run settles] in H; destruct (bit OWNER_IMPLICIT i) eqn:B; try (right; exact H).
    left.
    exists s.
    auto. }
  destruct O as [O|O]; [left; exact O|right].
  clear H L P.
  induction es as [|e es IH]; [discriminate|].
  cbn [effects flat_map] in O.
  assert (Later : (forall f n, entry_effect q member e = Some (f, n) -> bit n i = true -> f = MayBeGranted)
    -> sure (effects q member es) i = true -> exists l1 e0 l2 m, e :: es = l1 ++ e0 :: l2 /\ entry_effect q
    member e0 = Some (Granted, m) /\ bit m i = true /\ forall e', In e' l1 -> forall f n, entry_effect q
    member e' = Some (f, n) -> bit n i = true -> f = MayBeGranted).
  { intros First S.
    destruct (IH S) as (l1 & e' & l2 & m & -> & E & B & A).
    exists (e :: l1), e', l2, m.
    repeat split; auto.
    intros x [<-|Hx]; eauto. }
  destruct (entry_effect q member e) as [[f m]|] eqn:E; cbn [opt app run settles] in O.
  - destruct (bit m i) eqn:B.
    + destruct f; try discriminate.
      * exists [], e, es, m.
        repeat split; auto.
        intros ? [].
      * apply Later; [|exact O].
        intros f n [= <- _] _.
        reflexivity.
    + apply Later; [|exact O].
      intros f' n [= <- <-].
      congruence.
  - apply Later; [discriminate|exact O].
Qed.

(** A Deny for the caller ahead of every Allow of a right refuses it, unless a privilege or ownership grants it. *)
Theorem deny_first q l1 e l2 m f i :
  let member := membership_of (q_caller q) in
  entry_effect q member e = Some (f, m) -> f = Denied \/ f = MayBeDenied -> bit m i = true ->
  (forall x, In x l1 -> forall n, entry_effect q member x = Some (Granted, n) -> bit n i = false) ->
  bit (privilege_bits q) i = false -> bit OWNER_IMPLICIT i = false ->
  bit (granted_of (check (with_dacl q (l1 ++ e :: l2)))) i = false.
Proof.
  intros member E F B N P O.
  destruct (bit (granted_of _) i) eqn:G; [|reflexivity].
  apply granted_is_justified in G.
  destruct G as [G|[_ [(s & _ & _ & G & _)|(k1 & x & k2 & n & Eq & X & Bx & A)]]]; [congruence..|].
  fold member in X, A.
  exfalso.
  assert (D : In e k1 \/ In x l1 \/ x = e).
  { clear - Eq.
    revert k1 Eq.
    induction l1 as [|y l1 IH]; intros [|z k1] Eq; cbn in Eq; injection Eq as -> Eq.
    - auto.
    - left.
      left.
      reflexivity.
    - right.
      left.
      left.
      reflexivity.
    - destruct (IH _ Eq) as [?|[?|?]]; cbn; auto. }
  destruct D as [D|[D| ->]].
  - specialize (A e D f m E B).
    destruct F; congruence.
  - specialize (N x D n X).
    congruence.
  - rewrite X in E.
    injection E as <- <-.
    destruct F; discriminate.
Qed.

(** ** An unknown condition never grants, and does not keep a Deny from denying *)
Theorem unknown_never_grants q member e k : a_kind e = KAllow -> a_data e = Conditional _ k ->
  q_verdict q false k = certain UnknownT -> entry_effect q member e = None.
Proof.
  intros K D V.
  unfold entry_effect, access, reading.
  rewrite K, D.
  cbn [negb andb].
  rewrite V.
  destruct (a_inherit_only e); [reflexivity|].
  destruct (a_trustee e) as [t|]; [|reflexivity].
  destruct (meant q t) as [s|]; [|reflexivity].
  destruct (member s); cbn; destruct (a_has_object e); reflexivity.
Qed.

Definition without_condition e : ace condition :=
  {| a_kind := a_kind e; a_inherit_only := a_inherit_only e; a_mask := a_mask e; a_trustee := a_trustee e;
     a_has_object := a_has_object e; a_data := NoData _ |}.

Theorem unknown_denies q member e k : a_kind e = KDeny -> a_data e = Conditional _ k ->
  q_verdict q true k = certain UnknownT -> entry_effect q member e = entry_effect q member (without_condition e).
Proof.
  intros K D V.
  unfold entry_effect, access, reading.
  cbn [a_kind a_inherit_only a_mask a_trustee a_has_object a_data without_condition].
  rewrite K, D.
  cbn [negb andb].
  rewrite V.
  destruct (a_inherit_only e); [reflexivity|].
  destruct (a_trustee e) as [t|]; [|reflexivity].
  destruct (meant q t) as [s|]; [|reflexivity].
  destruct (member s); reflexivity.
Qed.

(** ** Law 18: what an unknown type finds unsettled it denies *)
Theorem law_18 p m fs i : bit m i = true -> sure (p ++ (Denied, m) :: fs) i = sure p i.
Proof.
  intros B.
  induction p as [|[f n] p IH]; cbn; [rewrite B; reflexivity|].
  rewrite IH.
  reflexivity.
Qed.
End Laws.
