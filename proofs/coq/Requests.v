(** Laws about what is asked for, about knowing more, and about the order in which groups are given. *)
From Coq Require Import NArith List Bool Lia Btauto.
From Sddl Require Import Model Bits Laws.
Import ListNotations.
Local Open Scope N_scope.

(** * Generic mapping: law 17 *)
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
  assert (M : forall (b : bool) x, bit (if b then diff x (union GENERIC MAXIMUM_ALLOWED) else 0) i = b &&
    (bit x i && negb (bit GENERIC i || (25 =? i)))).
  { intros [] x; [|apply zero_bit].
    rewrite diff_bit, union_bit.
    replace MAXIMUM_ALLOWED with (2 ^ 25) by reflexivity.
    rewrite single_bit.
    reflexivity. }
  rewrite !M.
  destruct (bit m 31), (bit m 30), (bit m 29), (bit m 28), (bit GENERIC i), (25 =? i), (bit m i), (bit
    (map_read g) i), (bit (map_write g) i), (bit (map_execute g) i), (bit (map_all g) i); reflexivity.
Qed.

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

Section Requests.
Context {condition : Type}.
Implicit Types q : question condition.

Lemma mapped_union q a b : mapped q (union a b) = union (mapped q a) (mapped q b).
Proof. unfold mapped. destruct (o_mapping _); [apply mapped_by_union|reflexivity]. Qed.

Lemma mapped_mapped q m : mapped q (mapped q m) = mapped q m.
Proof. unfold mapped. destruct (o_mapping _); [apply law_17_idempotent|reflexivity]. Qed.

(** ** Equal parts, equal answers *)
Lemma entries_ext q q' m m' es es' : req q = req q' -> map (entry_effect q m) es = map (entry_effect q' m') es' ->
  forall l, entries q m es l = entries q' m' es' l.
Proof.
  intros R.
  revert es'.
  induction es as [|e es IH]; intros [|e' es'] H l; cbn in H; try discriminate; [reflexivity|].
  injection H as He Hes.
  cbn [entries].
  rewrite <- R, He.
  destruct (is_settled (req q) l); [reflexivity|].
  apply IH, Hes.
Qed.

Theorem law_17_desired q m : check (asking q (mapped q m)) = check (asking q m).
Proof.
  assert (R : req (asking q (mapped q m)) = req (asking q m)).
  { unfold req.
    cbn [asking q_desired].
    change (mapped (asking q (mapped q m))) with (mapped q).
    change (mapped (asking q m)) with (mapped q).
    rewrite mapped_mapped.
    reflexivity. }
  assert (P : forall member l, pass (asking q (mapped q m)) member l = pass (asking q m) member l).
  { intros member l.
    unfold pass, unprotected, owner_effect.
    rewrite R.
    cbn [asking q_descriptor q_options].
    destruct (dacl (q_descriptor q)) as [es|]; [|reflexivity].
    apply entries_ext; [exact R|reflexivity]. }
  unfold check, gate.
  rewrite R.
  change (before (asking q (mapped q m))) with (before (asking q m)).
  cbv zeta.
  cbn [asking q_descriptor q_options q_caller].
  repeat match goal with |- context [if ?x then _ else _] => destruct x; [reflexivity|] end.
  rewrite !P.
  reflexivity.
Qed.

Definition map_entry q (e : ace condition) : ace condition :=
  {| a_kind := a_kind e; a_inherit_only := a_inherit_only e; a_mask := mapped q (a_mask e);
     a_trustee := a_trustee e; a_has_object := a_has_object e; a_data := a_data e |}.

Theorem law_17_entries q g es : o_mapping (q_options q) = Some g ->
  check (with_dacl q (map (map_entry q) es)) = check (with_dacl q es).
Proof.
  intros G.
  assert (E : forall member e, entry_effect q member (map_entry q e) = entry_effect q member e).
  { intros member e.
    unfold entry_effect, access, reading.
    cbn [map_entry a_kind a_inherit_only a_mask a_trustee a_has_object a_data].
    assert (Z : intersects (mapped q (a_mask e)) GENERIC = false).
    { destruct (intersects _ _) eqn:I; [|reflexivity].
      apply intersects_spec in I.
      destruct I as (i & H & H').
      unfold mapped in H.
      rewrite G, mapped_by_bit, H' in H.
      discriminate. }
    rewrite !mapped_mapped, Z.
    reflexivity. }
  assert (P : forall member l, pass (with_dacl q (map (map_entry q) es)) member l = pass (with_dacl q es)
    member l).
  { intros member l.
    change (entries q member (map (map_entry q) es) (apply l (owner_effect q member (map (map_entry q) es)))
      = entries q member es (apply l (owner_effect q member es))).
    rewrite (owner_same q member (map (map_entry q) es) es) by (induction es; cbn; [reflexivity|f_equal;
      assumption]).
    apply entries_ext; [reflexivity|].
    rewrite map_map.
    apply map_ext.
    apply E. }
  unfold check.
  change (gate (with_dacl q (map (map_entry q) es))) with (gate (with_dacl q es)).
  destruct (gate _); [reflexivity|].
  cbv zeta.
  rewrite !P.
  reflexivity.
Qed.

(** * What is asked for: laws 4, 5, 9, 10 *)

(** What refuses whatever is asked for. *)
Definition base_gate q : bool :=
  negb (require_owner_and_group (q_options q) &&
    negb (match owner (q_descriptor q) with Some _ => has_group (q_descriptor q) | None => false end)) &&
  negb (unevaluated_policy (q_descriptor q) && negb (skip_system_policies (q_options q))).

Definition refuses_bit q (i : N) : bool := bit GENERIC i || ((24 =? i) && negb (bit (privilege_bits q) i)).

Lemma gate_free q : gate q = None <->
  base_gate q = true /\ (maximum (req q) = true \/ exists i, bit (explicit (req q)) i = true) /\
  forall i, bit (explicit (req q)) i = true -> refuses_bit q i = false.
Proof.
  unfold gate, base_gate.
  destruct (require_owner_and_group _ && _); cbn [negb andb]; [split; [discriminate|intros (H & _);
    discriminate]|].
  assert (Gen : intersects (explicit (req q)) GENERIC = false <-> forall i, bit (explicit (req q)) i = true
    -> bit GENERIC i = false).
  { split.
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
      discriminate. }
  assert (Sec : contains (diff (explicit (req q)) (privilege_bits q)) ACCESS_SYSTEM_SECURITY = bit (explicit
    (req q)) 24 && negb (bit (privilege_bits q) 24)).
  { replace ACCESS_SYSTEM_SECURITY with (2 ^ 24) by reflexivity.
    rewrite contains_single, diff_bit.
    reflexivity. }
  unfold refuses_bit.
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
  assert (NE : is_empty (explicit (req q)) && negb (maximum (req q)) = false <-> (maximum (req q) = true \/
    exists i, bit (explicit (req q)) i = true)).
  { rewrite andb_false_iff, negb_false_iff, not_empty_spec.
    tauto. }
  destruct (is_empty _ && _).
  { split; [discriminate|].
    intros (_ & H & _).
    apply NE in H.
    discriminate. }
  destruct NE as [NE _].
  specialize (NE eq_refl).
  destruct (unevaluated_policy _ && _); cbn [negb]; [split; [discriminate|intros (H & _); discriminate]|].
  rewrite Sec.
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
    destruct (bit (privilege_bits q) 24); [reflexivity|discriminate].
  - intros (_ & _ & H).
    destruct (bit (explicit (req q)) 24) eqn:E; [|reflexivity].
    specialize (H 24 E).
    apply orb_false_iff in H.
    destruct H as [_ H].
    cbn in H.
    destruct (bit (privilege_bits q) 24); [reflexivity|discriminate].
Qed.

(** What a pass writes about one right, whatever else is asked for. *)
Definition free_owner q (member : sid -> membership) (es : list (ace condition)) : option effect :=
  match owner (q_descriptor q) with
  | None => None
  | Some s =>
    match member s with
    | DenyOnly | NotHeld => None
    | Enabled => if existsb replaces_owner es then None else Some (Granted, OWNER_IMPLICIT)
    | UnknownMember => if existsb replaces_owner es then None else Some (MayBeGranted, OWNER_IMPLICIT)
    end
  end.

Definition free_pass q i (member : sid -> membership) : list effect :=
  match dacl (q_descriptor q) with
  | None => [(Granted, 2 ^ i)]
  | Some es => opt (free_owner q member es) ++ effects q member es
  end.

(** Whether a right is granted, taken by itself. *)
Definition alone q (i : N) : bool :=
  sure (before q ++ free_pass q i (membership_of (q_caller q))) i &&
  match restriction (q_caller q) with
  | None => true
  | Some _ => sure (before q ++ (Granted, exempt q) :: free_pass q i (restricting_membership (q_caller q))) i
  end.

Lemma sure_alone q i : maximum (req q) = false \/ dacl (q_descriptor q) <> None ->
  in_all q false i = bit (wanted (req q)) i && alone q i.
Proof.
  intros H.
  unfold in_all, alone, passes.
  destruct (bit (wanted (req q)) i) eqn:W; cbn [andb]; [|reflexivity].
  assert (P : forall member, sure (pass_effects q member) i = sure (free_pass q i member) i).
  { intros member.
    unfold pass_effects, free_pass.
    destruct (dacl (q_descriptor q)) as [es|].
    - unfold owner_effect, free_owner.
      destruct (intersects (wanted (req q)) OWNER_IMPLICIT) eqn:I; [reflexivity|].
      assert (O : bit OWNER_IMPLICIT i = false).
      { destruct (bit OWNER_IMPLICIT i) eqn:O; [|reflexivity].
        rewrite <- I.
        symmetry.
        apply intersects_spec.
        eauto. }
      destruct (owner _) as [s|]; [|reflexivity].
      destruct (member s); try reflexivity; destruct (existsb replaces_owner es); try reflexivity;
        cbn [opt app run settles]; rewrite O; reflexivity.
    - destruct H as [H|H]; [|contradiction].
      unfold unprotected, wanted in *.
      rewrite H in *.
      cbn [run settles].
      rewrite W, single_bit, N.eqb_refl.
      reflexivity. }
  destruct (restriction (q_caller q)); cbn [forallb]; rewrite ?andb_true_r; [|apply run_app_eq, P].
  f_equal; apply run_app_eq; [apply P|].
  apply (run_app_eq false [(Granted, exempt q)]), P.
Qed.

Lemma explicit_wanted r i : bit (explicit r) i = true -> bit (wanted r) i = true.
Proof.
  intros H.
  unfold wanted.
  destruct (maximum r); [rewrite union_bit, H, orb_true_r; reflexivity|exact H].
Qed.

Theorem allowed_alone q : maximum (req q) = false -> allowed (check q) = true <->
  base_gate q = true /\ (exists i, bit (explicit (req q)) i = true) /\
  forall i, bit (explicit (req q)) i = true -> refuses_bit q i = false /\ alone q i = true.
Proof.
  intros M.
  rewrite allowed_iff, gate_free, M.
  assert (S : forall i, bit (explicit (req q)) i = true -> in_all q false i = alone q i).
  { intros i E.
    rewrite sure_alone by (left; exact M).
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

(** ** Law 5: two masks are granted together if each is granted alone *)
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
  apply eq_true_iff_eq.
  rewrite andb_true_iff.
  unfold ask.
  rewrite (allowed_alone (asking q (union a b)) Mu), (allowed_alone (asking q a) Ma), (allowed_alone (asking
    q b) Mb).
  change (req (asking q (union a b))) with (r (union a b)).
  change (req (asking q a)) with (r a).
  change (req (asking q b)) with (r b).
  assert (Al : forall m, alone (asking q m) = alone q) by reflexivity.
  rewrite !Al.
  assert (Rf : forall m, refuses_bit (asking q m) = refuses_bit q) by reflexivity.
  rewrite !Rf.
  assert (Bg : forall m, base_gate (asking q m) = base_gate q) by reflexivity.
  rewrite !Bg.
  setoid_rewrite E.
  split.
  - intros (B & _ & H).
    split; (split; [exact B|split; [apply Ex; assumption|]]); intros i Hi; apply H; rewrite Hi;
      rewrite ?orb_true_r; reflexivity.
  - intros ((B & [i Hi] & H) & (_ & _ & H')).
    repeat split; [exact B|exists i; rewrite Hi; reflexivity| |]; rewrite orb_true_iff in *;
      (destruct H0 as [H0|H0]; [apply H in H0|apply H' in H0]); tauto.
Qed.

(** ** Law 4: the maximum is made of the rights that are granted alone, where a DACL is present *)
Theorem law_4 q i : dacl (q_descriptor q) <> None -> bit GRANTABLE i = true ->
  (bit (granted_of (check (asking q MAXIMUM_ALLOWED))) i = true <-> allowed (check (asking q (2 ^ i))) = true).
Proof.
  intros D Gr.
  assert (Ni : bit GENERIC i = false /\ (25 =? i) = false /\ (24 =? i) = false).
  { unfold GRANTABLE, complement in Gr.
    rewrite diff_bit, !union_bit, andb_true_iff, negb_true_iff, !orb_false_iff in Gr.
    replace MAXIMUM_ALLOWED with (2 ^ 25) in Gr by reflexivity.
    replace ACCESS_SYSTEM_SECURITY with (2 ^ 24) in Gr by reflexivity.
    rewrite !single_bit in Gr.
    tauto. }
  destruct Ni as (Ng & N25 & N24).
  assert (Mi : mapped q (2 ^ i) = 2 ^ i).
  { unfold mapped.
    destruct (o_mapping (q_options q)) as [g|]; [|reflexivity].
    apply mask_eq.
    intros j.
    rewrite mapped_by_bit, !single_bit.
    rewrite generic_bit in Ng.
    rewrite !orb_false_iff in Ng.
    rewrite !N.eqb_neq in Ng.
    replace (i =? 31) with false by (symmetry; apply N.eqb_neq; lia).
    replace (i =? 30) with false by (symmetry; apply N.eqb_neq; lia).
    replace (i =? 29) with false by (symmetry; apply N.eqb_neq; lia).
    replace (i =? 28) with false by (symmetry; apply N.eqb_neq; lia).
    cbn [andb orb].
    rewrite andb_false_r, orb_false_r.
    destruct (i =? j) eqn:Ej; [|apply andb_false_r].
    apply N.eqb_eq in Ej.
    subst j.
    rewrite generic_bit.
    replace (28 =? i) with false by (symmetry; apply N.eqb_neq; lia).
    replace (29 =? i) with false by (symmetry; apply N.eqb_neq; lia).
    replace (30 =? i) with false by (symmetry; apply N.eqb_neq; lia).
    replace (31 =? i) with false by (symmetry; apply N.eqb_neq; lia).
    reflexivity. }
  assert (Mm : mapped q MAXIMUM_ALLOWED = MAXIMUM_ALLOWED).
  { unfold mapped.
    destruct (o_mapping (q_options q)) as [g|]; [|reflexivity].
    apply mask_eq.
    intros j.
    rewrite mapped_by_bit.
    replace (bit MAXIMUM_ALLOWED 31) with false by reflexivity.
    replace (bit MAXIMUM_ALLOWED 30) with false by reflexivity.
    replace (bit MAXIMUM_ALLOWED 29) with false by reflexivity.
    replace (bit MAXIMUM_ALLOWED 28) with false by reflexivity.
    cbn [andb orb].
    rewrite andb_false_r, orb_false_r.
    replace MAXIMUM_ALLOWED with (2 ^ 25) by reflexivity.
    rewrite single_bit, generic_bit.
    destruct (25 =? j) eqn:Ej; [|apply andb_false_r].
    apply N.eqb_eq in Ej.
    subst j.
    reflexivity. }
  assert (R1 : req (asking q (2 ^ i)) = {| explicit := 2 ^ i; maximum := false |}).
  { unfold req.
    cbn [asking q_desired].
    change (mapped (asking q (2 ^ i))) with (mapped q).
    rewrite Mi.
    unfold request_of.
    replace MAXIMUM_ALLOWED with (2 ^ 25) by reflexivity.
    rewrite contains_single, single_bit.
    f_equal.
    - apply mask_eq.
      intros j.
      rewrite diff_bit, !single_bit.
      destruct (i =? j) eqn:Ej; [|reflexivity].
      apply N.eqb_eq in Ej.
      subst j.
      rewrite N25.
      reflexivity.
    - rewrite N.eqb_sym.
      exact N25. }
  assert (R2 : req (asking q MAXIMUM_ALLOWED) = {| explicit := 0; maximum := true |}).
  { unfold req.
    cbn [asking q_desired].
    change (mapped (asking q MAXIMUM_ALLOWED)) with (mapped q).
    rewrite Mm.
    reflexivity. }
  assert (S2 : forall j, in_all (asking q MAXIMUM_ALLOWED) false j = bit GRANTABLE j && alone q j).
  { intros j.
    rewrite sure_alone by (right; exact D).
    rewrite R2.
    unfold wanted.
    cbn [maximum explicit].
    rewrite union_bit, zero_bit, orb_false_r.
    reflexivity. }
  rewrite granted_iff, allowed_iff, gate_free, R2, S2, Gr.
  cbn [andb explicit maximum].
  rewrite (allowed_alone (asking q (2 ^ i))) by (rewrite R1; reflexivity).
  rewrite R1.
  cbn [explicit].
  change (base_gate (asking q MAXIMUM_ALLOWED)) with (base_gate q).
  change (base_gate (asking q (2 ^ i))) with (base_gate q).
  change (alone (asking q (2 ^ i))) with (alone q).
  change (refuses_bit (asking q (2 ^ i))) with (refuses_bit q).
  split.
  - intros (((B & _) & _) & A).
    repeat split; [exact B|exists i; rewrite single_bit; apply N.eqb_refl| |]; rewrite single_bit in H;
      apply N.eqb_eq in H; subst; [|exact A].
    unfold refuses_bit.
    rewrite Ng, N24.
    reflexivity.
  - intros (B & _ & H).
    destruct (H i) as [_ A]; [rewrite single_bit; apply N.eqb_refl|].
    repeat split; auto; try (intros j; rewrite zero_bit; discriminate).
    exists i.
    rewrite S2, Gr, A.
    reflexivity.
Qed.

Theorem maximum_is_grantable q i : bit (granted_of (check (asking q MAXIMUM_ALLOWED))) i = true ->
  mapped q MAXIMUM_ALLOWED = MAXIMUM_ALLOWED -> bit GRANTABLE i = true.
Proof.
  rewrite granted_iff.
  intros [_ H] Mm.
  unfold in_all in H.
  rewrite andb_true_iff in H.
  destruct H as [H _].
  unfold req in H.
  cbn [asking q_desired] in H.
  change (mapped (asking q MAXIMUM_ALLOWED)) with (mapped q) in H.
  rewrite Mm in H.
  unfold wanted in H.
  change (maximum (request_of MAXIMUM_ALLOWED)) with true in H.
  cbv iota in H.
  change (explicit (request_of MAXIMUM_ALLOWED)) with 0 in H.
  rewrite union_bit, zero_bit, orb_false_r in H.
  exact H.
Qed.

(** ** Law 9: asking for nothing is denied *)
Theorem law_9 q : allowed (check (asking q 0)) = false.
Proof.
  destruct (allowed _) eqn:A; [|reflexivity].
  apply allowed_iff in A.
  destruct A as (G & _).
  apply gate_free in G.
  assert (Z : mapped q 0 = 0).
  { unfold mapped.
    destruct (o_mapping _) as [g|]; [|reflexivity].
    apply mask_eq.
    intros i.
    rewrite mapped_by_bit.
    rewrite !zero_bit.
    cbn [andb orb].
    rewrite andb_false_r.
    apply andb_false_r. }
  destruct G as (_ & G & _).
  unfold req in G.
  cbn [asking q_desired] in G.
  change (mapped (asking q 0)) with (mapped q) in G.
  rewrite Z in G.
  destruct G as [G|[i G]]; [discriminate|].
  change (explicit (request_of 0)) with 0 in G.
  rewrite zero_bit in G.
  discriminate.
Qed.

(** ** Law 10: without a DACL, whatever is asked for by name is granted, unless integrity keeps it back *)
Theorem law_10 q : dacl (q_descriptor q) = None -> maximum (req q) = false -> limit q = None -> gate q = None ->
  check q = Allow (explicit (req q)).
Proof.
  intros D M L G.
  assert (A : forall i, in_all q false i = bit (explicit (req q)) i).
  { intros i.
    rewrite sure_alone by (left; exact M).
    unfold wanted.
    rewrite M.
    destruct (bit (explicit (req q)) i); [|reflexivity].
    unfold alone, before, free_pass.
    rewrite D, L.
    cbn [app andb run settles].
    rewrite single_bit, N.eqb_refl.
    destruct (bit (privilege_bits q) i), (restriction (q_caller q)); cbn [run settles]; try reflexivity.
    destruct (bit (exempt q) i); reflexivity. }
  assert (Al : allowed (check q) = true).
  { apply allowed_iff.
    split; [exact G|].
    split; [intros i Hi; rewrite A; exact Hi|].
    apply gate_free in G.
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

(** * Knowing more: law 11 *)

(** The same question, with other lists of groups, and other verdicts of conditions. *)
Definition with_knowledge q gs complete out verdicts : question condition :=
  let c := q_caller q in
  {| q_descriptor := q_descriptor q; q_desired := q_desired q; q_options := q_options q; q_verdict := verdicts;
     q_caller := {| user := user c; groups := gs; groups_complete := complete; ruled_out := out; self := self c;
       restriction := restriction c; holds_security := holds_security c; holds_backup := holds_backup c;
       holds_restore := holds_restore c; holds_take_ownership := holds_take_ownership c;
       holds_relabel := holds_relabel c; level := level c; no_write_up := no_write_up c |} |}.

(** It knows no less: memberships that were known are as they were, and no condition comes to what it could not. *)
Definition knows_more q q' : Prop :=
  (forall s, membership_of (q_caller q) s = UnknownMember \/
     membership_of (q_caller q') s = membership_of (q_caller q) s) /\
  (forall d k t, can_be (q_verdict q' d k) t = true -> can_be (q_verdict q d k) t = true) /\
  (forall d k, exists t, can_be (q_verdict q' d k) t = true).

Definition refines (x x' : option effect) : Prop :=
  match x, x' with
  | None, None => True
  | Some (MayBeGranted, m), None | Some (MayBeDenied, m), None => True
  | Some (f, m), Some (f', m') => m = m' /\
      (f = f' \/ (f = MayBeGranted /\ f' = Granted) \/ (f = MayBeDenied /\ f' = Denied))
  | _, _ => False
  end.

Lemma refines_same x : refines x x.
Proof. destruct x as [[[] m]|]; cbn; auto. Qed.

Lemma refines_run x x' fs fs' i : refines x x' ->
  ((sure fs i = true -> sure fs' i = true) -> sure (opt x ++ fs) i = true -> sure (opt x' ++ fs') i = true) /\
  ((possible fs' i = true -> possible fs i = true) -> possible (opt x' ++ fs') i = true -> possible (opt x ++ fs) i = true).
Proof.
  destruct x as [[[] m]|], x' as [[[] m']|]; cbn; intros R; try contradiction; auto;
    try (destruct R as [<- [R|[[? R]|[? R]]]]; try discriminate); destruct (bit m i); intuition discriminate.
Qed.

Lemma judged_refines d v v' : (forall t, can_be v' t = true -> can_be v t = true) -> (exists t, can_be v' t = true) ->
  judged d v = Maybe \/ judged d v = judged d v'.
Proof.
  intros Sub [t T].
  destruct v as [vt vf vu], v' as [wt wf wu].
  pose proof (Sub TrueT) as S1.
  pose proof (Sub FalseT) as S2.
  pose proof (Sub UnknownT) as S3.
  cbn in *.
  destruct t, d, vt, vf, vu, wt, wf, wu; cbn in *; auto; try discriminate; try (specialize (S1 eq_refl);
    discriminate); try (specialize (S2 eq_refl); discriminate); try (specialize (S3 eq_refl); discriminate).
Qed.

Section KnowsMore.
Variables (q : question condition) (gs : list (sid * bool)) (complete : bool) (out : list sid)
  (verdicts : bool -> condition -> verdict).
Let q' := with_knowledge q gs complete out verdicts.
Hypothesis More : knows_more q q'.

Lemma reading_refines e a b b' : (b = b' \/ b = false) -> refines (reading q e a b) (reading q' e a b').
Proof.
  intros B.
  unfold reading.
  change (mapped q') with (mapped q).
  destruct (a && _); [exact I|].
  destruct (a_data e) as [|k|].
  - destruct B as [<- | ->], a; try destruct b'; try destruct b; cbn; auto 6.
  - destruct More as (_ & Sub & Ex).
    specialize (Sub (negb a) k).
    specialize (Ex (negb a) k).
    destruct (judged_refines (negb a) _ _ Sub Ex) as [J|J]; rewrite J.
    + destruct (judged (negb a) (q_verdict q' (negb a) k)), a; try destruct b'; cbn; auto 6.
    + destruct (judged (negb a) (q_verdict q' (negb a) k)); [| exact I |]; destruct B as [<- | ->], a;
        try destruct b'; try destruct b; cbn; auto 6.
  - destruct B as [<- | ->], a; try destruct b'; try destruct b; cbn; auto 6.
Qed.

Lemma reading_may_vanish e a : refines (reading q e a false) None.
Proof.
  unfold reading.
  destruct (a && _); [exact I|].
  destruct (a_data e) as [|k|]; [destruct a; exact I| |destruct a; exact I].
  destruct (judged _ _), a; exact I.
Qed.

Lemma entry_refines member member' e : (forall s, member s = UnknownMember \/ member' s = member s) ->
  refines (entry_effect q member e) (entry_effect q' member' e).
Proof.
  intros M.
  unfold entry_effect, access.
  change (meant q') with (meant q).
  change (q_options q') with (q_options q).
  destruct (a_inherit_only e); [exact I|].
  destruct (a_kind e); try exact I; [| |destruct (skip_unknown_types _); [exact I|cbn; auto]];
    (destruct (a_trustee e) as [t|]; [|exact I]; destruct (meant q t) as [s|]; [|exact I];
    destruct (M s) as [U|U]; rewrite U; [destruct (member' s) | destruct (member s)]; try exact I;
    try apply reading_may_vanish; apply reading_refines; auto).
Qed.

Lemma effects_refine member member' es i : (forall s, member s = UnknownMember \/ member' s = member s) ->
  (sure (effects q member es) i = true -> sure (effects q' member' es) i = true) /\
  (possible (effects q' member' es) i = true -> possible (effects q member es) i = true).
Proof.
  intros M.
  induction es as [|e es [IH1 IH2]]; [split; exact (fun H => H)|].
  split.
  - exact (proj1 (refines_run _ _ _ _ i (entry_refines member member' e M)) IH1).
  - exact (proj2 (refines_run _ _ _ _ i (entry_refines member member' e M)) IH2).
Qed.

Lemma pass_refines member member' i : (forall s, member s = UnknownMember \/ member' s = member s) ->
  (sure (pass_effects q member) i = true -> sure (pass_effects q' member') i = true) /\
  (possible (pass_effects q' member') i = true -> possible (pass_effects q member) i = true).
Proof.
  intros M.
  unfold pass_effects.
  change (q_descriptor q') with (q_descriptor q).
  change (unprotected q') with (unprotected q).
  destruct (dacl (q_descriptor q)) as [es|]; [|split; exact (fun H => H)].
  assert (O : refines (owner_effect q member es) (owner_effect q' member' es)).
  { unfold owner_effect.
    change (req q') with (req q).
    change (q_descriptor q') with (q_descriptor q).
    destruct (intersects _ _); [|exact I].
    destruct (owner _) as [s|]; [|exact I].
    destruct (M s) as [U|U]; rewrite U; [destruct (member' s)|destruct (member s)];
      destruct (existsb replaces_owner es); cbn; auto 6. }
  destruct (effects_refine member member' es i M) as [E1 E2].
  split; [exact (proj1 (refines_run _ _ _ _ i O) E1)|exact (proj2 (refines_run _ _ _ _ i O) E2)].
Qed.

Lemma in_all_refines i : (in_all q false i = true -> in_all q' false i = true) /\ (in_all q' true i = true -> in_all q true i = true).
Proof.
  unfold in_all, passes.
  change (req q') with (req q).
  change (before q') with (before q).
  change (exempt q') with (exempt q).
  change (restriction (q_caller q')) with (restriction (q_caller q)).
  change (restricting_membership (q_caller q')) with (restricting_membership (q_caller q)).
  destruct More as [M _].
  destruct (pass_refines _ _ i M) as [F1 F2].
  destruct (pass_refines (restricting_membership (q_caller q)) _ i (fun s => or_intror eq_refl)) as [S1 S2].
  rewrite !andb_true_iff.
  destruct (restriction (q_caller q)); cbn [forallb]; rewrite !andb_true_iff.
  - split; intros [W [A [B _]]]; repeat split; try exact W;
      [apply (run_app _ _ _ _ i F1 A)|apply (run_app _ _ _ _ i (run_app false [(Granted, exempt q)] _ _ i S1)
      B)| apply (run_app _ _ _ _ i F2 A)|apply (run_app _ _ _ _ i (run_app true [(Granted, exempt q)] _ _ i
      S2) B)].
  - split; intros [W [A _]]; repeat split; try exact W;
      [apply (run_app _ _ _ _ i F1 A)|apply (run_app _ _ _ _ i F2 A)].
Qed.

(** What is granted stays granted, whatever the unknown facts turn out to be. *)
Theorem law_11_granted : within (granted_of (check q)) (granted_of (check q')).
Proof.
  apply grants_no_less; [exact (fun G => G)|reflexivity|exact (fun i => proj1 (in_all_refines i))].
Qed.

Theorem law_11_allowed : allowed (check q) = true -> allowed (check q') = true.
Proof.
  rewrite !allowed_iff.
  intros (G & A & i & S).
  split; [exact G|].
  split; [|exists i; apply in_all_refines, S].
  intros j E.
  apply in_all_refines, A, E.
Qed.

(** What is refused for certain stays refused. *)
Theorem law_11_refused : allowed (check q) = false -> why (check q) <> Some Undetermined -> allowed (check q') = false.
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
    unfold in_all in *.
    rewrite andb_true_iff in *.
    destruct H as [W H].
    split; [exact W|].
    rewrite forallb_forall in *.
    intros fs Hfs.
    apply sure_possible, H, Hfs. }
  split; [exact G|].
  split; [exact No|].
  split; [|exists i; apply P, S].
  intros j E.
  apply P, A, E.
Qed.
End KnowsMore.

(** When everything is known, every answer is certain. *)
Theorem law_11_certain q : (forall s, membership_of (q_caller q) s <> UnknownMember) ->
  (forall d k, exists t, q_verdict q d k = certain t) -> why (check q) <> Some Undetermined.
Proof.
  intros Known Verdicts U.
  apply undetermined_iff in U.
  destruct U as (G & No & All & i & P).
  assert (E : forall member e, (forall s, member s <> UnknownMember) -> match entry_effect q member e with
    Some (MayBeGranted, _) | Some (MayBeDenied, _) => False | _ => True end).
  { intros member e K.
    unfold entry_effect, access, reading.
    destruct (a_inherit_only e); [exact I|].
    destruct (a_kind e); try exact I; [| |destruct (skip_unknown_types _); exact I];
      (destruct (a_trustee e) as [t|]; [|exact I]; destruct (meant q t) as [s|]; [|exact I];
      specialize (K s); destruct (member s); try exact I; try (contradiction K; reflexivity);
      cbn [negb andb]; try destruct (a_has_object e || _); try exact I; destruct (a_data e) as [|k|];
      try exact I; match goal with |- context [q_verdict q ?d k] => destruct (Verdicts d k) as [[] ->] end;
      cbn; exact I). }
  assert (S : forall member j, (forall s, member s <> UnknownMember) -> possible (pass_effects q member) j =
    sure (pass_effects q member) j).
  { intros member j K.
    unfold pass_effects.
    destruct (dacl (q_descriptor q)) as [es|]; [|reflexivity].
    assert (Es : forall fs, possible fs j = sure fs j -> possible (opt (owner_effect q member es) ++ fs) j =
      sure (opt (owner_effect q member es) ++ fs) j).
    { intros fs H.
      unfold owner_effect.
      destruct (intersects _ _); [|exact H].
      destruct (owner _) as [s|]; [|exact H].
      specialize (K s).
      destruct (member s); try exact H; try contradiction; destruct (existsb replaces_owner es); try exact H.
      cbn [opt app run settles].
      rewrite H.
      reflexivity. }
    apply Es.
    clear Es.
    induction es as [|e es IH]; [reflexivity|].
    cbn [effects flat_map].
    specialize (E member e K).
    destruct (entry_effect q member e) as [[[] m]|]; try contradiction; cbn [opt app run settles];
      fold (effects q member es); rewrite ?IH; reflexivity. }
  assert (Eq : forall j, in_all q true j = in_all q false j).
  { intros j.
    unfold in_all, passes.
    f_equal.
    assert (B : forall fs, possible fs j = sure fs j -> possible (before q ++ fs) j = sure (before q ++ fs)
      j).
    { intros fs H.
      unfold before.
      cbn [app run settles].
      destruct (limit q); cbn [app run settles]; rewrite H; reflexivity. }
    assert (K2 : forall s, restricting_membership (q_caller q) s <> UnknownMember).
    { intros s.
      unfold restricting_membership.
      destruct (restriction _) as [[]|]; [|discriminate].
      destruct (negb _ && _); discriminate. }
    destruct (restriction (q_caller q)); cbn [forallb]; f_equal; auto.
    f_equal.
    apply B.
    cbn [run settles].
    rewrite S by exact K2.
    reflexivity. }
  assert (A : allowed (check q) = true).
  { apply allowed_iff.
    split; [exact G|].
    split; [intros j H; rewrite <- Eq; apply All, H|].
    exists i.
    rewrite <- Eq.
    exact P. }
  congruence.
Qed.

(** ** Law 15: the order and number of groups do not matter *)
Theorem law_15 q gs : (forall d s, in_groups gs d s = in_groups (groups (q_caller q)) d s) ->
  check (with_knowledge q gs (groups_complete (q_caller q)) (ruled_out (q_caller q)) (q_verdict q)) = check q.
Proof.
  intros H.
  set (q' := with_knowledge _ _ _ _ _).
  assert (M : forall s, membership_of (q_caller q') s = membership_of (q_caller q) s).
  { intros s.
    unfold membership_of.
    cbn [q' with_knowledge q_caller groups user ruled_out groups_complete].
    rewrite !H.
    reflexivity. }
  assert (P : forall l, pass q' (membership_of (q_caller q')) l = pass q (membership_of (q_caller q)) l).
  { intros l.
    unfold pass.
    change (q_descriptor q') with (q_descriptor q).
    change (unprotected q') with (unprotected q).
    destruct (dacl (q_descriptor q)) as [es|]; [|reflexivity].
    assert (O : owner_effect q' (membership_of (q_caller q')) es = owner_effect q (membership_of (q_caller
      q)) es).
    { unfold owner_effect.
      change (req q') with (req q).
      change (q_descriptor q') with (q_descriptor q).
      destruct (owner _) as [s|]; [rewrite M|]; reflexivity. }
    rewrite O.
    apply entries_ext; [reflexivity|].
    apply map_ext.
    intros e.
    unfold entry_effect, access.
    change (meant q') with (meant q).
    change (q_options q') with (q_options q).
    destruct (a_trustee e) as [t|]; [|reflexivity].
    destruct (meant q t) as [s|]; [|reflexivity].
    rewrite M.
    reflexivity. }
  unfold check.
  change (gate q') with (gate q).
  destruct (gate q); [reflexivity|].
  cbv zeta.
  change (before q') with (before q).
  change (req q') with (req q).
  rewrite P.
  reflexivity.
Qed.
End Requests.
