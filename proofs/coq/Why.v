(** Why a right is granted. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects.
Import ListNotations.
Local Open Scope N_scope.

Section Why.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e x : ace condition.
Implicit Types es : list (ace condition).

(** An entry grants for certain only if it is an Allow that is not inherit-only, for a SID that the caller
    has, about the part that is asked about, and without a condition or with one that is true. *)
Theorem granting_entry q a e m : entry_effect q a e = Some (Granted, m) ->
  a_kind e = KAllow /\ a_inherit_only e = false /\
  (exists t s, a_trustee e = Some t /\ meant q t = Some s /\ member q a s = Enabled) /\
  is_elsewhere q e = false /\ is_unevaluated q e = false /\
  (a_data e = NoData \/ exists k, a_data e = Conditional k /\ judged false (q_verdict q false k) = Yes).
Proof.
  intros H.
  assert (K : a_kind e = KAllow).
  { destruct (a_kind e) eqn:K; try reflexivity; exfalso;
      pose proof (other_denies q a e) as D; rewrite K, H in D; apply D; discriminate. }
  unfold entry_effect in H.
  rewrite K in H.
  destruct (a_inherit_only e); [discriminate|].
  unfold access in H.
  destruct (a_trustee e) as [t|]; [|discriminate].
  destruct (meant q t) as [s|] eqn:M; [|discriminate].
  assert (Un : a_data e = Opaque -> is_unevaluated q e = true).
  { intros D.
    unfold is_unevaluated.
    rewrite D.
    apply orb_true_r. }
  destruct (member q a s) eqn:Mem; try discriminate; unfold resolve in H; cbn [negb andb] in H;
    destruct (is_elsewhere q e) eqn:El; try discriminate;
    destruct (is_unevaluated q e) eqn:Uneval; try discriminate;
    (destruct (a_data e) as [|k|] eqn:D; [| |discriminate Un; reflexivity]).
  - repeat split; eauto 6.
  - destruct (judged false (q_verdict q false k)) eqn:J; try discriminate.
    repeat split; eauto 8.
  - discriminate.
  - destruct (judged false (q_verdict q false k)); discriminate.
Qed.

(** Such an entry grants its rights for certain. *)
Theorem such_an_entry_grants q a e t s : a_kind e = KAllow -> a_inherit_only e = false ->
  a_trustee e = Some t -> meant q t = Some s -> member q a s = Enabled ->
  is_elsewhere q e = false -> is_unevaluated q e = false ->
  (a_data e = NoData \/ exists k, a_data e = Conditional k /\ judged false (q_verdict q false k) = Yes) ->
  entry_effect q a e = Some (Granted, bits_of q a e true).
Proof.
  intros K I T M Mem El Un D.
  unfold entry_effect, access, resolve.
  rewrite I, K, T, M, Mem, El, Un.
  cbn [andb negb].
  destruct D as [-> | (k & -> & ->)]; reflexivity.
Qed.

(** No entry after it matters: the first entry about a bit that is more than a perhaps decides. *)
Lemma granting_entry_exists q a es i : sure (effects q a es) i = true ->
  exists l1 e l2 m, es = l1 ++ e :: l2 /\ entry_effect q a e = Some (Granted, m) /\ bit m i = true /\
    forall x, In x l1 -> forall f n, entry_effect q a x = Some (f, n) -> bit n i = true -> f = MayBeGranted.
Proof.
  induction es as [|e es IH]; [discriminate|].
  cbn [effects flat_map].
  intros S.
  assert (Later : (forall f n, entry_effect q a e = Some (f, n) -> bit n i = true -> f = MayBeGranted) ->
    sure (effects q a es) i = true ->
    exists l1 x l2 m, e :: es = l1 ++ x :: l2 /\ entry_effect q a x = Some (Granted, m) /\ bit m i = true /\
      forall y, In y l1 -> forall f n,
        entry_effect q a y = Some (f, n) -> bit n i = true -> f = MayBeGranted).
  { intros First Rest.
    destruct (IH Rest) as (l1 & x & l2 & m & -> & E & B & A).
    exists (e :: l1), x, l2, m.
    repeat split; auto.
    intros y [<-|Hy]; eauto. }
  destruct (entry_effect q a e) as [[f m]|] eqn:E; cbn [opt app run settles] in S.
  - destruct (bit m i) eqn:B.
    + destruct f; try discriminate.
      * exists [], e, es, m.
        repeat split; auto.
        intros y [].
      * apply Later; [|exact S].
        congruence.
    + apply Later; [|exact S].
      congruence.
  - apply Later; [discriminate|exact S].
Qed.

Lemma granted_in_pass q a i : bit (granted_of (check q)) i = true -> In a (accounts q) ->
  sure (all_effects q a) i = true.
Proof.
  rewrite granted_iff.
  intros [_ H] Ha.
  unfold in_all in H.
  rewrite andb_true_iff, forallb_forall in H.
  apply H, Ha.
Qed.

(** Each granted right has one of three reasons: a privilege; ownership, without an entry that replaces it; an
    Allow for the caller with no Deny of this right, not even a possible one, before it. Integrity must permit
    the second and the third. *)
Theorem granted_is_justified q es i : bit (granted_of (check (with_dacl q es))) i = true ->
  bit (privilege_bits q) i = true \/
  ((forall m, limit q = Some m -> bit (complement m) i = false) /\
   ((exists s, owner (q_descriptor q) = Some s /\ owner_membership q s = Enabled /\
       bit OWNER_IMPLICIT i = true /\ existsb (replaces_owner q) es = false) \/
    (exists l1 e l2 m, es = l1 ++ e :: l2 /\
       entry_effect q OfCaller e = Some (Granted, m) /\ bit m i = true /\
       forall x, In x l1 -> forall f n,
         entry_effect q OfCaller x = Some (f, n) -> bit n i = true -> f = MayBeGranted))).
Proof.
  intros H.
  apply (granted_in_pass _ OfCaller) in H; [|left; reflexivity].
  rewrite all_effects_with_dacl in H.
  unfold begins, before in H.
  cbn [app run settles] in H.
  destruct (bit (privilege_bits q) i) eqn:P; [left; reflexivity|right].
  assert (L : (forall m, limit q = Some m -> bit (complement m) i = false) /\
    sure (dacl_effects q OfCaller es) i = true).
  { destruct (limit q) as [m|]; cbn [app run settles] in H.
    - destruct (bit (complement m) i) eqn:C; [discriminate|].
      split; [|exact H].
      intros ? [= <-].
      exact C.
    - split; [discriminate|exact H]. }
  destruct L as [L S].
  split; [exact L|].
  unfold dacl_effects, implicit_owner_rights, owner_rights in S.
  cbn [is_container] in S.
  destruct (intersects _ _); [|right; apply granting_entry_exists, S].
  destruct (owner _) as [s|]; [|right; apply granting_entry_exists, S].
  destruct (existsb _ es) eqn:R; [right; apply granting_entry_exists, S|].
  destruct (owner_membership q s) eqn:M; try (right; apply granting_entry_exists, S);
    cbn [opt app run settles] in S; destruct (bit OWNER_IMPLICIT i) eqn:O;
    try (right; apply granting_entry_exists, S).
  left.
  exists s.
  auto.
Qed.

(** Each right of an app container comes from an Allow for one of its SIDs. *)
Theorem container_is_justified q es i : container (q_caller q) <> None ->
  bit (granted_of (check (with_dacl q es))) i = true ->
  exists e m, In e es /\ entry_effect q OfContainer e = Some (Granted, m) /\ bit m i = true.
Proof.
  intros C H.
  apply (granted_in_pass _ OfContainer) in H.
  - change (sure (effects q OfContainer es) i = true) in H.
    destruct (granting_entry_exists _ _ _ _ H) as (l1 & e & l2 & m & -> & E & B & _).
    exists e, m.
    rewrite in_app_iff.
    cbn.
    auto.
  - unfold accounts, further_accounts.
    change (q_caller (with_dacl q es)) with (q_caller q).
    destruct (container (q_caller q)); [|contradiction].
    right.
    apply in_or_app.
    right.
    left.
    reflexivity.
Qed.

(** A restricted caller is granted what a restricting SID is granted, what exempts it, what a privilege
    grants, or what it has as the owner. *)
Theorem restricted_is_justified q es i : restriction (q_caller q) <> None ->
  bit (granted_of (check (with_dacl q es))) i = true ->
  bit (privilege_bits q) i = true \/ bit (exempt q) i = true \/
  (exists s, owner (q_descriptor q) = Some s /\ owner_membership q s = Enabled /\
     bit OWNER_IMPLICIT i = true) \/
  exists e m, In e es /\ entry_effect q OfRestricting e = Some (Granted, m) /\ bit m i = true.
Proof.
  intros C H.
  apply (granted_in_pass _ OfRestricting) in H.
  - rewrite all_effects_with_dacl in H.
    assert (Entries : sure (effects q OfRestricting es) i = true ->
      exists e m, In e es /\ entry_effect q OfRestricting e = Some (Granted, m) /\ bit m i = true).
    { intros S.
      destruct (granting_entry_exists _ _ _ _ S) as (l1 & e & l2 & m & -> & E & B & _).
      exists e, m.
      rewrite in_app_iff.
      cbn.
      auto. }
    unfold begins, before in H.
    cbn [app run settles] in H.
    destruct (bit (privilege_bits q) i); [left; reflexivity|right].
    assert (S : bit (exempt q) i = true \/ sure (dacl_effects q OfRestricting es) i = true).
    { destruct (limit q) as [m|]; cbn [app run settles] in H.
      - destruct (bit (complement m) i); [discriminate|].
        destruct (bit (exempt q) i); auto.
      - destruct (bit (exempt q) i); auto. }
    destruct S as [S|S]; [left; exact S|right].
    unfold dacl_effects, implicit_owner_rights, owner_rights in S.
    cbn [is_container] in S.
    destruct (intersects _ _); [|right; apply Entries, S].
    destruct (owner _) as [s|]; [|right; apply Entries, S].
    destruct (existsb _ es); [right; apply Entries, S|].
    destruct (owner_membership q s) eqn:M; try (right; apply Entries, S); cbn [opt app run settles] in S;
      destruct (bit OWNER_IMPLICIT i) eqn:O; try (right; apply Entries, S).
    left.
    exists s.
    auto.
  - unfold accounts, further_accounts.
    change (q_caller (with_dacl q es)) with (q_caller q).
    destruct (restriction (q_caller q)); [|contradiction].
    right.
    left.
    reflexivity.
Qed.

(** A Deny for the caller ahead of every Allow of a right refuses the right, unless a privilege or ownership
    grants it. *)
Theorem deny_first q l1 e l2 m f i :
  entry_effect q OfCaller e = Some (f, m) -> f = Denied \/ f = MayBeDenied -> bit m i = true ->
  (forall x, In x l1 -> forall n, entry_effect q OfCaller x = Some (Granted, n) -> bit n i = false) ->
  bit (privilege_bits q) i = false -> bit OWNER_IMPLICIT i = false ->
  bit (granted_of (check (with_dacl q (l1 ++ e :: l2)))) i = false.
Proof.
  intros E F B N P O.
  destruct (bit (granted_of _) i) eqn:G; [|reflexivity].
  exfalso.
  apply granted_is_justified in G.
  destruct G as [G|[_ [(s & _ & _ & G & _)|(k1 & x & k2 & n & Eq & X & Bx & A)]]]; [congruence..|].
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
End Why.
