(** Law 17: generic rights are mapped once, before the walk. *)
From Coq Require Import NArith List Bool Lia Btauto.
From Sddl Require Import Model Bits Walk Effects.
Import ListNotations.
Local Open Scope N_scope.

Lemma single_bit n i : bit (2 ^ n) i = (n =? i).
Proof. apply N.pow2_bits_eqb. Qed.

Lemma contains_single m n : contains m (2 ^ n) = bit m n.
Proof.
  destruct (bit m n) eqn:B.
  - apply contains_spec.
    intros i.
    rewrite single_bit, N.eqb_eq.
    intros <-.
    exact B.
  - destruct (contains m (2 ^ n)) eqn:C; [|reflexivity].
    rewrite contains_spec in C.
    rewrite (C n) in B; [discriminate|].
    rewrite single_bit.
    apply N.eqb_refl.
Qed.

Lemma generic_bit i : bit GENERIC i = (28 =? i) || (29 =? i) || (30 =? i) || (31 =? i).
Proof.
  replace GENERIC with (union (union (union (2 ^ 28) (2 ^ 29)) (2 ^ 30)) (2 ^ 31)) by reflexivity.
  rewrite !union_bit, !single_bit.
  reflexivity.
Qed.

(** Mapping, bit by bit. *)
Lemma mapped_by_bit g m i : bit (mapped_by g m) i =
  negb (bit GENERIC i) && (bit m i || (negb (25 =? i) &&
    ((bit m 31 && bit (map_read g) i) || (bit m 30 && bit (map_write g) i) ||
     (bit m 29 && bit (map_execute g) i) || (bit m 28 && bit (map_all g) i)))).
Proof.
  unfold mapped_by.
  cbv zeta.
  replace GENERIC_READ with (2 ^ 31) by reflexivity.
  replace GENERIC_WRITE with (2 ^ 30) by reflexivity.
  replace GENERIC_EXECUTE with (2 ^ 29) by reflexivity.
  replace GENERIC_ALL with (2 ^ 28) by reflexivity.
  rewrite !contains_single, !union_bit, diff_bit.
  assert (M : forall (b : bool) x, bit (if b then diff x (union GENERIC MAXIMUM_ALLOWED) else 0) i =
    b && (bit x i && negb (bit GENERIC i || (25 =? i)))).
  { intros [] x; [|apply zero_bit].
    rewrite diff_bit, union_bit.
    replace MAXIMUM_ALLOWED with (2 ^ 25) by reflexivity.
    rewrite single_bit.
    reflexivity. }
  rewrite !M.
  btauto.
Qed.

(** Law 17: mapping is idempotent. *)
Theorem law_17_idempotent g m : mapped_by g (mapped_by g m) = mapped_by g m.
Proof.
  apply mask_eq.
  intros i.
  rewrite mapped_by_bit.
  assert (Z : forall j, bit GENERIC j = true -> bit (mapped_by g m) j = false).
  { intros j H.
    rewrite mapped_by_bit, H.
    reflexivity. }
  rewrite (Z 31), (Z 30), (Z 29), (Z 28) by reflexivity.
  cbn [andb orb].
  rewrite andb_false_r, orb_false_r.
  destruct (bit GENERIC i) eqn:G; cbn [negb andb]; [|reflexivity].
  symmetry.
  apply Z, G.
Qed.

Lemma mapped_by_union g a b : mapped_by g (union a b) = union (mapped_by g a) (mapped_by g b).
Proof.
  apply mask_eq.
  intros i.
  rewrite union_bit, !mapped_by_bit, !union_bit.
  btauto.
Qed.

Section Mapping.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e : ace condition.

Lemma mapped_union q a b : mapped q (union a b) = union (mapped q a) (mapped q b).
Proof. unfold mapped. destruct (o_mapping _); [apply mapped_by_union|reflexivity]. Qed.

Lemma mapped_mapped q m : mapped q (mapped q m) = mapped q m.
Proof. unfold mapped. destruct (o_mapping _); [apply law_17_idempotent|reflexivity]. Qed.

(** Law 17: asking for rights with generic rights mapped is asking for them. *)
Theorem law_17_desired q m : check (asking q (mapped q m)) = check (asking q m).
Proof.
  assert (R : req (asking q (mapped q m)) = req (asking q m)).
  { change (request_of (mapped q (mapped q m)) = request_of (mapped q m)).
    rewrite mapped_mapped.
    reflexivity. }
  assert (P : privilege_bits (asking q (mapped q m)) = privilege_bits (asking q m)).
  { unfold privilege_bits.
    rewrite R.
    reflexivity. }
  apply same_effects_same_check.
  - unfold refusal.
    rewrite R, P.
    reflexivity.
  - exact R.
  - reflexivity.
  - unfold unprotected.
    rewrite R.
    reflexivity.
  - intros [].
    + unfold begins, before.
      rewrite P.
      reflexivity.
    + unfold begins, before.
      rewrite P.
      reflexivity.
    + reflexivity.
  - cbn [asking q_descriptor].
    destruct (dacl (q_descriptor q)) as [es|]; [|exact I].
    intros a.
    split; [|reflexivity].
    unfold implicit_owner_rights.
    rewrite R.
    reflexivity.
Qed.

Definition map_entry q e : ace condition :=
  {| a_kind := a_kind e; a_callback := a_callback e; a_inherit_only := a_inherit_only e;
     a_mask := mapped q (a_mask e); a_trustee := a_trustee e; a_object := a_object e; a_data := a_data e |}.

(** Law 17: the generic rights of the entries can be mapped before the check. *)
Theorem law_17_entries q g es : o_mapping (q_options q) = Some g ->
  check (with_dacl q (map (map_entry q) es)) = check (with_dacl q es).
Proof.
  intros G.
  assert (Z : forall m, intersects (mapped q m) GENERIC = false).
  { intros m.
    destruct (intersects _ _) eqn:I; [|reflexivity].
    apply intersects_spec in I.
    destruct I as (i & H & H').
    unfold mapped in H.
    rewrite G, mapped_by_bit, H' in H.
    discriminate. }
  assert (B : forall a e allows, bits_of q a (map_entry q e) allows = bits_of q a e allows).
  { intros a e allows.
    unfold bits_of.
    cbn [map_entry a_mask].
    rewrite mapped_mapped, Z.
    reflexivity. }
  assert (E : forall a e, entry_effect q a (map_entry q e) = entry_effect q a e).
  { intros a e.
    unfold entry_effect, access, resolve.
    rewrite !B.
    reflexivity. }
  apply same_effects_same_check; try reflexivity.
  cbn [with_dacl q_descriptor dacl].
  intros a.
  split.
  - change (implicit_owner_rights q a (map (map_entry q) es) = implicit_owner_rights q a es).
    apply owner_same.
    induction es; cbn; [reflexivity|f_equal; assumption].
  - change (map (entry_effect q a) (map (map_entry q) es) = map (entry_effect q a) es).
    rewrite map_map.
    apply map_ext, E.
Qed.
End Mapping.
