(** The decision about a node is that of the bits that are certain and possible about each leaf below it. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects Trees TreesBits TreesNodes TreesLeaves TreesAnswer.
Import ListNotations.
Local Open Scope N_scope.

Lemma forallb_equal {A} (f f' : A -> bool) l : (forall a, In a l -> f a = f' a) -> forallb f l = forallb f' l.
Proof.
  intros H.
  apply eq_true_iff_eq.
  rewrite !forallb_forall.
  split; intros E a Ha; [rewrite <- H | rewrite H]; auto.
Qed.

Section Answer.
Context {condition : Type}.
Variables (q : question condition) (tree : forest).
Hypothesis Distinct : NoDup (guids tree).
Hypothesis Start : all_start (wanted (req q)) tree.

(** A bit is granted, for certain or possibly, about each leaf below a node. *)
Definition in_all_leaves (g : object) (hopeful : bool) (i : N) : bool :=
  forallb (fun l => in_all (at_leaf q tree l) hopeful i) (leaves_under g tree).

Lemma leaf_state_alike a l : In l (leaves tree) ->
  alike (req q) (state_at l (tree_after_pass q tree a)) (to_the_end (at_leaf q tree l) a).
Proof. intros Hl. apply pass_at_leaf; assumption. Qed.

(** The answer about a node is that of the bits that are certain and possible about each leaf below it. *)
Theorem node_is g : In g (guids tree) -> refusal q = None -> exists b,
  (forall i, bit (g_certain b) i = in_all_leaves g false i) /\
  (forall i, bit (g_possible b) i = in_all_leaves g true i) /\
  same_answer (check_node q tree g) (decide (req q) b).
Proof.
  intros Hg Free.
  set (under := leaves_under g tree).
  assert (Sub : incl under (leaves tree)) by apply leaves_under_in.
  assert (Some_leaf : under <> []) by (apply leaves_under_some, Hg).
  set (full l := grants_of_passes (at_leaf q tree l) (to_the_end (at_leaf q tree l))).
  set (meet f := match under with [] => 0 | l :: ls => fold_left (fun m l => inter m (f l)) ls (f l) end).
  assert (Meet : forall f i, bit (meet f) i = forallb (fun l => bit (f l) i) under).
  { intros f i.
    unfold meet.
    clear Sub.
    destruct under as [|l ls]; [contradiction|].
    clear Some_leaf meet.
    cbn [forallb].
    generalize (f l).
    induction ls as [|l' ls IH]; intros m; cbn [fold_left forallb]; [symmetry; apply andb_true_r|].
    rewrite IH, inter_bit.
    symmetry.
    apply andb_assoc. }
  exists {| g_certain := meet (fun l => g_certain (full l));
            g_possible := meet (fun l => g_possible (full l)) |}.
  cbn [g_certain g_possible].
  assert (C : forall i, bit (meet (fun l => g_certain (full l))) i = in_all_leaves g false i).
  { intros i.
    rewrite Meet.
    apply forallb_equal.
    intros l _.
    apply certain_bits. }
  assert (P : forall i, bit (meet (fun l => g_possible (full l))) i = in_all_leaves g true i).
  { intros i.
    rewrite Meet.
    apply forallb_equal.
    intros l _.
    apply possible_bits_of_passes. }
  split; [exact C|].
  split; [exact P|].
  unfold check_node.
  rewrite Free.
  destruct (all_or_one
    (fun l => forall a, In a (accounts q) ->
       state_at l (tree_after_pass q tree a) = to_the_end (at_leaf q tree l) a)
    (fun l => exists a, In a (accounts q) /\ lost (req q) (state_at l (tree_after_pass q tree a)) /\
       lost (req q) (to_the_end (at_leaf q tree l) a)) under) as [Eq|(l & Hl & a & Ha & L & L')].
  - intros l Hl.
    apply all_or_one.
    intros a _.
    apply leaf_state_alike, Sub, Hl.
  - assert (E : forall (rights : access_state -> mask) l, In l under ->
      in_each_pass q (fun a => rights (state_at l (tree_after_pass q tree a))) =
      in_each_pass q (fun a => rights (to_the_end (at_leaf q tree l) a))).
    { intros rights l Hl.
      apply in_each_pass_ext.
      intros a Ha.
      f_equal.
      apply Eq; assumption. }
    assert (Full : forall l, In l under -> node_grants q tree l = full l).
    { intros l Hl.
      unfold node_grants, full, grants_of_passes.
      f_equal; [apply (E granted l Hl)|apply (E may_granted l Hl)]. }
    assert (N : node_grants q tree g =
      {| g_certain := meet (fun l => g_certain (full l));
         g_possible := meet (fun l => g_possible (full l)) |}).
    { pose proof (fun i => node_grants_are q tree Distinct Start g i Hg) as B.
      destruct (node_grants q tree g) as [nc np].
      cbn [g_certain g_possible] in B.
      f_equal; apply mask_eq; intros i; destruct (B i) as [Bc Bp]; rewrite ?Bc, ?Bp, Meet;
        apply forallb_equal; intros l Hl; rewrite (Full l Hl); reflexivity. }
    rewrite N.
    apply same_answer_refl.
  - destruct L as (i & X & _ & G), L' as (i' & X' & _ & G').
    destruct (lost_refuses (req q) (node_grants q tree g)) as (? & ? & ->).
    + apply passes_coherent.
    + exists i.
      split; [exact X|].
      destruct (node_grants_are q tree Distinct Start g i Hg) as [_ ->].
      apply not_true_iff_false.
      rewrite forallb_forall.
      intros All.
      specialize (All l Hl).
      unfold node_grants in All.
      cbn [grants_of_passes g_possible] in All.
      rewrite in_each_pass_bit, forallb_forall in All.
      specialize (All a Ha).
      congruence.
    + destruct (lost_refuses (req q) {| g_certain := meet (fun l => g_certain (full l));
                                        g_possible := meet (fun l => g_possible (full l)) |}) as (? & ? & ->).
      * intros k.
        cbn [g_certain g_possible].
        rewrite !Meet, !forallb_forall.
        intros All l' Hl'.
        apply (passes_coherent (at_leaf q tree l')), All, Hl'.
      * exists i'.
        split; [exact X'|].
        cbn [g_possible].
        rewrite Meet.
        apply not_true_iff_false.
        rewrite forallb_forall.
        intros All.
        specialize (All l Hl).
        unfold full in All.
        cbn [grants_of_passes g_possible] in All.
        rewrite in_each_pass_bit, forallb_forall in All.
        specialize (All a Ha).
        congruence.
      * reflexivity.
Qed.

(** A node is allowed if nothing is refused beforehand and each right asked for is certain about each leaf
    below it. *)
Theorem node_allowed_iff g : In g (guids tree) -> allowed (check_node q tree g) = true <->
  refusal q = None /\ (forall i, bit (explicit (req q)) i = true -> in_all_leaves g false i = true) /\
  exists i, in_all_leaves g false i = true.
Proof.
  intros Hg.
  destruct (refusal q) as [w|] eqn:Free.
  - unfold check_node.
    rewrite Free.
    split; [discriminate|].
    intros [H _].
    discriminate.
  - destruct (node_is g Hg Free) as (b & C & P & Same).
    assert (E : allowed (check_node q tree g) = satisfies (req q) (g_certain b)).
    { unfold decide in Same.
      destruct (satisfies (req q) (g_certain b)), (check_node q tree g); cbn in *; tauto. }
    rewrite E, satisfies_spec.
    setoid_rewrite C.
    tauto.
Qed.

(** The rights of a node that is allowed are those that are certain about each leaf below it. *)
Theorem node_granted_iff g i : In g (guids tree) ->
  bit (granted_of (check_node q tree g)) i = true <->
  allowed (check_node q tree g) = true /\ in_all_leaves g false i = true.
Proof.
  intros Hg.
  destruct (refusal q) as [w|] eqn:Free.
  - unfold check_node.
    rewrite Free.
    cbn.
    split; [discriminate|].
    intros [H _].
    discriminate.
  - destruct (node_is g Hg Free) as (b & C & P & Same).
    unfold decide in Same.
    rewrite <- C.
    destruct (satisfies (req q) (g_certain b)), (check_node q tree g); cbn in *; try tauto; [subst; tauto|].
    split; [discriminate|].
    intros [H _].
    discriminate.
Qed.

(** A node is undetermined if it is not allowed, and what is possible would allow it. *)
Theorem node_undetermined_iff g : In g (guids tree) ->
  why (check_node q tree g) = Some Undetermined <->
  refusal q = None /\ allowed (check_node q tree g) = false /\
  (forall i, bit (explicit (req q)) i = true -> in_all_leaves g true i = true) /\
  exists i, in_all_leaves g true i = true.
Proof.
  intros Hg.
  destruct (refusal q) as [w|] eqn:Free.
  - unfold check_node.
    rewrite Free.
    cbn.
    split; [|intros [H _]; discriminate].
    intros [= ->].
    unfold refusal in Free.
    repeat match goal with H : context [if ?x then _ else _] |- _ => destruct x; try discriminate end.
  - destruct (node_is g Hg Free) as (b & C & P & Same).
    assert (S : satisfies (req q) (g_possible b) = true <->
      (forall i, bit (explicit (req q)) i = true -> in_all_leaves g true i = true) /\
      exists i, in_all_leaves g true i = true).
    { rewrite satisfies_spec.
      setoid_rewrite P.
      reflexivity. }
    rewrite <- S.
    unfold decide in Same.
    destruct (satisfies (req q) (g_certain b)), (check_node q tree g); cbn in *; try contradiction.
    + split; [discriminate|].
      intros (_ & H & _).
      discriminate.
    + subst.
      destruct (satisfies (req q) (g_possible b)); split; try tauto; try discriminate.
      intros (_ & _ & H).
      discriminate.
Qed.
End Answer.
