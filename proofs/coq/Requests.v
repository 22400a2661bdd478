(** Laws about the rights that are asked for: laws 4, 5, 9 and 10. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects Mapping.
Import ListNotations.
Local Open Scope N_scope.

Section Requests.
Context {condition : Type}.
Implicit Types q : question condition.

(** * A right by itself, whatever else is asked for *)

(** The rights of the caller's privileges. *)
Definition free_privileges q : mask :=
  let c := q_caller q in
  let o := q_options q in
  let row (held : bool) (bits : mask) := if held then bits else 0 in
  union (union (union
    (row (holds_security c) ACCESS_SYSTEM_SECURITY)
    (row (holds_backup c && (backup_intent o && is_file q)) BACKUP))
    (row (holds_restore c && (restore_intent o && is_file q)) RESTORE))
    (row (holds_take_ownership c) WRITE_OWNER).

Lemma privilege_bit q i : bit (wanted (req q)) i = true ->
  bit (explicit (req q)) i = true \/ holds_take_ownership (q_caller q) = false ->
  bit (privilege_bits q) i = bit (free_privileges q) i.
Proof.
  intros W H.
  unfold privilege_bits, free_privileges.
  rewrite !union_bit.
  assert (Row : forall (held : bool) m,
    bit (if held then inter m (wanted (req q)) else 0) i = bit (if held then m else 0) i).
  { intros [] m; [|reflexivity].
    rewrite inter_bit, W.
    apply andb_true_r. }
  rewrite !Row.
  f_equal.
  destruct H as [H|H].
  - destruct (holds_take_ownership _); [|reflexivity].
    rewrite inter_bit, H.
    apply andb_true_r.
  - rewrite H.
    reflexivity.
Qed.

(** The reasons to refuse that do not depend on what is asked for. *)
Definition never_refuses q : bool :=
  let d := q_descriptor q in
  let o := q_options q in
  negb (require_owner o && match owner d with Some _ => false | None => true end ||
        require_group o && negb (has_group d)) &&
  negb (refuse_unprotected o && match dacl d with Some _ => false | None => true end) &&
  negb (existsb (is_unevaluated_limit q) (sacl d)).

(** A right that refuses the whole request: a generic one, and access to the SACL without the privilege. *)
Definition refuses_bit q (i : N) : bool := bit GENERIC i || ((24 =? i) && negb (bit (free_privileges q) 24)).

Lemma explicit_wanted r i : bit (explicit r) i = true -> bit (wanted r) i = true.
Proof.
  intros H.
  unfold wanted.
  destruct (maximum r); [rewrite union_bit, H, orb_true_r; reflexivity|exact H].
Qed.

Lemma generic_free m : intersects m GENERIC = false <-> forall i, bit m i = true -> bit GENERIC i = false.
Proof.
  split.
  - intros H i Hi.
    destruct (bit GENERIC i) eqn:G; [|reflexivity].
    rewrite <- H.
    symmetry.
    apply intersects_spec.
    eauto.
  - intros H.
    destruct (intersects _ _) eqn:I; [|reflexivity].
    apply intersects_spec in I.
    destruct I as (i & Hi & G).
    rewrite H in G by exact Hi.
    discriminate.
Qed.

Lemma security_lacking q : contains (diff (explicit (req q)) (privilege_bits q)) ACCESS_SYSTEM_SECURITY =
  bit (explicit (req q)) 24 && negb (bit (free_privileges q) 24).
Proof.
  replace ACCESS_SYSTEM_SECURITY with (2 ^ 24) by reflexivity.
  rewrite contains_single, diff_bit.
  destruct (bit (explicit (req q)) 24) eqn:E; [|reflexivity].
  rewrite (privilege_bit q 24); [reflexivity|apply explicit_wanted, E|left; exact E].
Qed.

(** Nothing is refused beforehand if no rule refuses every request, something is asked for, and no right that
    is asked for refuses it. *)
Lemma refusal_free q : refusal q = None <->
  never_refuses q = true /\ (maximum (req q) = true \/ exists i, bit (explicit (req q)) i = true) /\
  forall i, bit (explicit (req q)) i = true -> refuses_bit q i = false.
Proof.
  unfold refusal, never_refuses, refuses_bit.
  rewrite security_lacking.
  set (missing := _ || _).
  destruct missing; cbn [negb andb]; [split; [discriminate|intros (H & _); discriminate]|].
  pose proof (generic_free (explicit (req q))) as Gen.
  destruct (intersects (explicit (req q)) GENERIC).
  { split; [discriminate|].
    intros (_ & _ & H).
    destruct Gen as [_ Gen].
    discriminate Gen.
    intros i Hi.
    specialize (H i Hi).
    apply orb_false_iff in H.
    tauto. }
  destruct Gen as [Gen _].
  specialize (Gen eq_refl).
  assert (NE : is_empty (explicit (req q)) && negb (maximum (req q)) = false <->
    (maximum (req q) = true \/ exists i, bit (explicit (req q)) i = true)).
  { rewrite andb_false_iff, negb_false_iff, not_empty_spec.
    tauto. }
  destruct (is_empty _ && _).
  { split; [discriminate|].
    intros (_ & H & _).
    apply NE in H.
    discriminate. }
  destruct NE as [NE _].
  specialize (NE eq_refl).
  destruct (refuse_unprotected _ && _); cbn [negb andb].
  { split; [discriminate|intros (H & _); discriminate]. }
  destruct (existsb _ _); cbn [negb].
  { split; [discriminate|intros (H & _); discriminate]. }
  split.
  - intros H.
    repeat split; auto.
    intros i Hi.
    rewrite Gen by exact Hi.
    cbn [orb].
    destruct (24 =? i) eqn:E; [|reflexivity].
    apply N.eqb_eq in E.
    subst i.
    rewrite Hi in H.
    cbn [andb] in *.
    destruct (negb _); [discriminate|reflexivity].
  - intros (_ & _ & H).
    destruct (bit (explicit (req q)) 24) eqn:E; [|reflexivity].
    specialize (H 24 E).
    apply orb_false_iff in H.
    destruct H as [_ H].
    cbn [N.eqb Pos.eqb andb] in H.
    rewrite H.
    reflexivity.
Qed.

(** The effects of a pass on one right. *)
Definition free_begins q (a : account) : list effect :=
  let first := (Granted, free_privileges q) ::
    match limit q with Some m => [(Denied, complement m)] | None => [] end in
  match a with OfCaller => first | OfRestricting => first ++ [(Granted, exempt q)] | OfContainer => [] end.

Definition free_pass q i (a : account) : list effect :=
  match dacl (q_descriptor q) with
  | None => if is_container a then [] else [(Granted, 2 ^ i)]
  | Some es => opt (if is_container a then None else owner_rights q es) ++ effects q a es
  end.

(** Whether a right is granted, taken by itself. *)
Definition alone q (i : N) : bool :=
  forallb (fun a => sure (free_begins q a ++ free_pass q i a) i) (accounts q).

Lemma free_pass_run q a i : maximum (req q) = false \/ dacl (q_descriptor q) <> None ->
  bit (wanted (req q)) i = true -> sure (pass_effects q a) i = sure (free_pass q i a) i.
Proof.
  intros H W.
  unfold pass_effects, free_pass.
  destruct (dacl (q_descriptor q)) as [es|].
  - unfold implicit_owner_rights.
    destruct (is_container a); [reflexivity|].
    destruct (intersects (wanted (req q)) OWNER_IMPLICIT) eqn:I; [reflexivity|].
    assert (O : bit OWNER_IMPLICIT i = false).
    { destruct (bit OWNER_IMPLICIT i) eqn:O; [|reflexivity].
      rewrite <- I.
      symmetry.
      apply intersects_spec.
      eauto. }
    unfold owner_rights.
    destruct (owner _) as [s|]; [|reflexivity].
    destruct (existsb _ es); [reflexivity|].
    destruct (owner_membership q s); try reflexivity; cbn [opt app run settles]; rewrite O; reflexivity.
  - destruct H as [H|H]; [|contradiction].
    destruct (is_container a); [reflexivity|].
    unfold unprotected, wanted in *.
    rewrite H in *.
    cbn [run settles].
    rewrite W, single_bit, N.eqb_refl.
    reflexivity.
Qed.

Lemma sure_alone q i : maximum (req q) = false \/ dacl (q_descriptor q) <> None ->
  bit (explicit (req q)) i = true \/ holds_take_ownership (q_caller q) = false ->
  in_all q false i = bit (wanted (req q)) i && alone q i.
Proof.
  intros H Own.
  unfold in_all, alone.
  destruct (bit (wanted (req q)) i) eqn:W; [|reflexivity].
  cbn [andb].
  assert (E : forall a, sure (all_effects q a) i = sure (free_begins q a ++ free_pass q i a) i).
  { intros a.
    pose proof (free_pass_run q a i H W) as P.
    unfold all_effects, begins, before, free_begins.
    destruct a; cbn [app run settles]; rewrite ?(privilege_bit q i W Own);
      [| |exact P]; (destruct (bit (free_privileges q) i); [reflexivity|]);
      rewrite <- ?app_assoc; apply run_app_eq; [exact P|].
    cbn [app run settles].
    rewrite P.
    reflexivity. }
  induction (accounts q) as [|a l IH]; cbn [forallb]; [reflexivity|].
  rewrite E, IH.
  reflexivity.
Qed.

(** A request by name is allowed if and only if each of its rights is allowed by itself. *)
Theorem allowed_alone q : maximum (req q) = false -> allowed (check q) = true <->
  never_refuses q = true /\ (exists i, bit (explicit (req q)) i = true) /\
  forall i, bit (explicit (req q)) i = true -> refuses_bit q i = false /\ alone q i = true.
Proof.
  intros M.
  rewrite allowed_iff, refusal_free, M.
  assert (S : forall i, bit (explicit (req q)) i = true -> in_all q false i = alone q i).
  { intros i E.
    rewrite sure_alone by auto.
    rewrite (explicit_wanted _ _ E).
    reflexivity. }
  split.
  - intros ((B & [H|H] & R) & A & _); [discriminate|].
    repeat split; auto.
    rewrite <- S by assumption.
    auto.
  - intros (B & [j J] & H).
    repeat split; eauto.
    + intros i E.
      apply H, E.
    + intros i E.
      rewrite S by exact E.
      apply H, E.
    + exists j.
      rewrite S by exact J.
      apply H, J.
Qed.

(** * The laws *)

(** Law 5: two masks are granted together if and only if each is granted alone. *)
Theorem law_5 q a b :
  let ask m := allowed (check (asking q m)) in
  let r m := request_of (mapped q m) in
  maximum (r a) = false -> maximum (r b) = false -> explicit (r a) <> 0 -> explicit (r b) <> 0 ->
  ask (union a b) = ask a && ask b.
Proof.
  intros ask r Ma Mb Na Nb.
  assert (E : forall i, bit (explicit (r (union a b))) i = bit (explicit (r a)) i || bit (explicit (r b)) i).
  { intros i.
    unfold r, request_of.
    cbn [explicit].
    rewrite mapped_union, !diff_bit, union_bit.
    apply andb_orb_distrib_l. }
  assert (Mu : maximum (r (union a b)) = false).
  { unfold r, request_of in *.
    cbn [maximum] in *.
    revert Ma Mb.
    replace MAXIMUM_ALLOWED with (2 ^ 25) by reflexivity.
    rewrite !contains_single, mapped_union, union_bit.
    intros -> ->.
    reflexivity. }
  assert (Ex : forall m, explicit (r m) <> 0 -> exists i, bit (explicit (r m)) i = true).
  { intros m H.
    apply not_empty_spec.
    unfold is_empty.
    apply N.eqb_neq, H. }
  assert (A : forall m, maximum (r m) = false -> ask m = true <->
    never_refuses q = true /\ (exists i, bit (explicit (r m)) i = true) /\
    forall i, bit (explicit (r m)) i = true -> refuses_bit q i = false /\ alone q i = true).
  { intros m.
    apply (allowed_alone (asking q m)). }
  apply eq_true_iff_eq.
  rewrite andb_true_iff, !A by assumption.
  setoid_rewrite E.
  split.
  - intros (B & _ & H).
    split; (split; [exact B|split; [apply Ex; assumption|]]); intros i Hi; apply H; rewrite Hi;
      rewrite ?orb_true_r; reflexivity.
  - intros ((B & [i Hi] & H) & (_ & _ & H')).
    split; [exact B|].
    split; [exists i; rewrite Hi; reflexivity|].
    intros j J.
    apply orb_true_iff in J.
    destruct J; auto.
Qed.

Lemma grantable_bit i : bit GRANTABLE i = true ->
  bit GENERIC i = false /\ (25 =? i) = false /\ (24 =? i) = false.
Proof.
  unfold GRANTABLE, complement.
  rewrite diff_bit, !union_bit, andb_true_iff, negb_true_iff, !orb_false_iff.
  replace MAXIMUM_ALLOWED with (2 ^ 25) by reflexivity.
  replace ACCESS_SYSTEM_SECURITY with (2 ^ 24) by reflexivity.
  rewrite !single_bit.
  tauto.
Qed.

Lemma mapped_specific q m : (forall i, bit m i = true -> bit GENERIC i = false) -> mapped q m = m.
Proof.
  intros H.
  unfold mapped.
  destruct (o_mapping (q_options q)) as [g|]; [|reflexivity].
  assert (Z : forall i, bit GENERIC i = true -> bit m i = false).
  { intros i G.
    destruct (bit m i) eqn:B; [|reflexivity].
    rewrite (H i B) in G.
    discriminate. }
  apply mask_eq.
  intros i.
  rewrite mapped_by_bit, (Z 31), (Z 30), (Z 29), (Z 28) by reflexivity.
  cbn [andb orb].
  rewrite andb_false_r, orb_false_r.
  destruct (bit m i) eqn:B; [rewrite (H i B); reflexivity|apply andb_false_r].
Qed.

(** Law 4: the maximum is made of the rights that are granted alone, if there is a DACL and the caller does
    not hold SeTakeOwnershipPrivilege. *)
Theorem law_4 q i : dacl (q_descriptor q) <> None -> holds_take_ownership (q_caller q) = false ->
  bit GRANTABLE i = true ->
  (bit (granted_of (check (asking q MAXIMUM_ALLOWED))) i = true <->
   allowed (check (asking q (2 ^ i))) = true).
Proof.
  intros D Own Gr.
  destruct (grantable_bit i Gr) as (Ng & N25 & N24).
  assert (R1 : req (asking q (2 ^ i)) = {| explicit := 2 ^ i; maximum := false |}).
  { change (request_of (mapped q (2 ^ i)) = {| explicit := 2 ^ i; maximum := false |}).
    rewrite mapped_specific by (intros j J; rewrite single_bit in J; apply N.eqb_eq in J; subst; exact Ng).
    unfold request_of.
    replace MAXIMUM_ALLOWED with (2 ^ 25) by reflexivity.
    rewrite contains_single, single_bit.
    f_equal; [|rewrite N.eqb_sym; exact N25].
    apply mask_eq.
    intros j.
    rewrite diff_bit, !single_bit.
    destruct (i =? j) eqn:Ej; [|reflexivity].
    apply N.eqb_eq in Ej.
    subst j.
    rewrite N25.
    reflexivity. }
  assert (R2 : req (asking q MAXIMUM_ALLOWED) = {| explicit := 0; maximum := true |}).
  { change (request_of (mapped q MAXIMUM_ALLOWED) = {| explicit := 0; maximum := true |}).
    rewrite mapped_specific; [reflexivity|].
    intros j.
    replace MAXIMUM_ALLOWED with (2 ^ 25) by reflexivity.
    rewrite single_bit, N.eqb_eq.
    intros <-.
    reflexivity. }
  assert (S2 : forall j, in_all (asking q MAXIMUM_ALLOWED) false j = bit GRANTABLE j && alone q j).
  { intros j.
    rewrite sure_alone by (right; assumption).
    rewrite R2.
    unfold wanted.
    cbn [maximum explicit].
    rewrite union_bit, zero_bit, orb_false_r.
    reflexivity. }
  rewrite granted_iff, allowed_iff, refusal_free, R2, S2, Gr.
  cbn [andb explicit maximum].
  rewrite (allowed_alone (asking q (2 ^ i))) by (rewrite R1; reflexivity).
  rewrite R1.
  cbn [explicit].
  change (never_refuses (asking q MAXIMUM_ALLOWED)) with (never_refuses q).
  change (never_refuses (asking q (2 ^ i))) with (never_refuses q).
  change (alone (asking q (2 ^ i))) with (alone q).
  change (refuses_bit (asking q (2 ^ i))) with (refuses_bit q).
  assert (One : bit (2 ^ i) i = true) by (rewrite single_bit; apply N.eqb_refl).
  split.
  - intros (((B & _) & _) & A).
    split; [exact B|].
    split; [exists i; exact One|].
    intros j J.
    rewrite single_bit in J.
    apply N.eqb_eq in J.
    subst j.
    split; [|exact A].
    unfold refuses_bit.
    rewrite Ng, N24.
    reflexivity.
  - intros (B & _ & H).
    destruct (H i One) as [_ A].
    repeat split; auto; try (intros j; rewrite zero_bit; discriminate).
    exists i.
    rewrite S2, Gr, A.
    reflexivity.
Qed.

(** Law 9: asking for nothing is denied. *)
Theorem law_9 q : allowed (check (asking q 0)) = false.
Proof.
  destruct (allowed _) eqn:A; [|reflexivity].
  apply allowed_iff in A.
  destruct A as (G & _).
  apply refusal_free in G.
  destruct G as (_ & G & _).
  change (req (asking q 0)) with (request_of (mapped q 0)) in G.
  rewrite mapped_specific in G by (intros i; rewrite zero_bit; discriminate).
  destruct G as [G|[i G]]; [discriminate|].
  change (explicit (request_of 0)) with 0 in G.
  rewrite zero_bit in G.
  discriminate.
Qed.

(** Law 10: without a DACL, what is asked for by name is granted, unless integrity limits the caller, it is in
    an app container, or the request is refused beforehand. *)
Theorem law_10 q : dacl (q_descriptor q) = None -> maximum (req q) = false -> limit q = None ->
  container (q_caller q) = None -> refusal q = None -> check q = Allow (explicit (req q)).
Proof.
  intros D M L Free G.
  assert (A : forall i, in_all q false i = bit (explicit (req q)) i).
  { intros i.
    unfold in_all.
    unfold wanted.
    rewrite M.
    destruct (bit (explicit (req q)) i) eqn:E; [|reflexivity].
    cbn [andb].
    apply forallb_forall.
    intros a Ha.
    assert (C : is_container a = false).
    { unfold accounts, further_accounts in Ha.
      rewrite Free, app_nil_r in Ha.
      destruct (restriction (q_caller q)); cbn in Ha; destruct a; cbn in *; intuition discriminate. }
    unfold all_effects, begins, before, pass_effects, unprotected.
    rewrite D, C, L, M.
    destruct a; cbn [app run settles]; try discriminate; rewrite E; destruct (bit (privilege_bits q) i);
      try reflexivity.
    destruct (bit (exempt q) i); reflexivity. }
  assert (Al : allowed (check q) = true).
  { apply allowed_iff.
    split; [exact G|].
    split; [intros i Hi; rewrite A; exact Hi|].
    apply refusal_free in G.
    destruct G as (_ & [H|[i H]] & _); [congruence|].
    exists i.
    rewrite A.
    exact H. }
  destruct (check q) as [g|] eqn:C; [|discriminate].
  f_equal.
  apply mask_eq.
  intros i.
  pose proof (granted_iff q i) as H.
  rewrite C, A in H.
  cbn [granted_of allowed] in H.
  apply eq_true_iff_eq.
  tauto.
Qed.

(** Law 10: an app container is granted nothing by an object without a DACL. *)
Theorem law_10_container q : dacl (q_descriptor q) = None -> container (q_caller q) <> None ->
  allowed (check q) = false.
Proof.
  intros D C.
  destruct (allowed (check q)) eqn:A; [|reflexivity].
  apply allowed_iff in A.
  destruct A as (_ & _ & i & S).
  unfold in_all in S.
  rewrite andb_true_iff, forallb_forall in S.
  destruct S as [_ S].
  specialize (S OfContainer).
  unfold all_effects, pass_effects in S.
  rewrite D in S.
  discriminate S.
  unfold accounts, further_accounts.
  destruct (container (q_caller q)); [|contradiction].
  right.
  apply in_or_app.
  right.
  left.
  reflexivity.
Qed.

(** Law 10: with the option to refuse them, objects without a DACL are refused. *)
Theorem law_10_refused q : dacl (q_descriptor q) = None -> refuse_unprotected (q_options q) = true ->
  allowed (check q) = false.
Proof.
  intros D O.
  destruct (allowed (check q)) eqn:A; [|reflexivity].
  apply allowed_iff in A.
  destruct A as (G & _).
  apply refusal_free in G.
  destruct G as [G _].
  unfold never_refuses in G.
  rewrite D, O, !andb_true_iff in G.
  destruct G as [[_ G] _].
  discriminate.
Qed.
End Requests.
