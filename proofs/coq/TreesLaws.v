(** Laws about the parts of an object: the laws of the check, for each node of a tree. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects Laws Knowing Containers.
From Sddl Require Import Trees TreesBits TreesNodes TreesLeaves TreesAnswer TreesDecision.
Import ListNotations.
Local Open Scope N_scope.

Section Laws.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e x : ace condition.

Variable tree : forest.
Hypothesis Distinct : NoDup (guids tree).

(** * From leaves to nodes *)

(** If each bit that is certain about a leaf stays so, no node is granted less. *)
Lemma nodes_grant_no_less q q' g : In g (guids tree) -> all_start (wanted (req q)) tree ->
  (refusal q = None -> refusal q' = None) -> req q' = req q ->
  (forall l i, In l (leaves tree) ->
     in_all (at_leaf q tree l) false i = true -> in_all (at_leaf q' tree l) false i = true) ->
  within (granted_of (check_node q tree g)) (granted_of (check_node q' tree g)).
Proof.
  intros Hg Start Free Req Sure i.
  assert (Start' : all_start (wanted (req q')) tree) by (rewrite Req; exact Start).
  rewrite !node_granted_iff, !node_allowed_iff, Req by assumption.
  assert (S : forall j, in_all_leaves q tree g false j = true -> in_all_leaves q' tree g false j = true).
  { intros j.
    unfold in_all_leaves.
    rewrite !forallb_forall.
    intros H l Hl.
    apply Sure; [apply (leaves_under_in g tree), Hl|apply H, Hl]. }
  intros [(G & All & j & Some) H].
  repeat split; eauto.
Qed.

(** Law 1 about parts: an entry that does not allow, about the whole object or a part, put anywhere into a
    DACL, never grants more to any node. *)
Theorem law_1_parts q g l1 x l2 : In g (guids tree) -> all_start (wanted (req q)) tree ->
  a_kind x <> KAllow ->
  within (granted_of (check_node (with_dacl q (l1 ++ x :: l2)) tree g))
    (granted_of (check_node (with_dacl q (l1 ++ l2)) tree g)).
Proof.
  intros Hg Start K.
  apply nodes_grant_no_less; try assumption; [exact (fun G => G)|reflexivity|].
  intros l i _.
  apply (dacl_in_all (at_leaf q tree l)).
  intros a.
  apply law_1_effects, K.
Qed.

(** Law 2 about parts: an Allow never grants less to any node, unless it is for Owner Rights and not
    inherit-only. *)
Theorem law_2_parts q g l1 x l2 : In g (guids tree) -> all_start (wanted (req q)) tree ->
  a_kind x = KAllow -> replaces_owner q x = false ->
  within (granted_of (check_node (with_dacl q (l1 ++ l2)) tree g))
    (granted_of (check_node (with_dacl q (l1 ++ x :: l2)) tree g)).
Proof.
  intros Hg Start K R.
  apply nodes_grant_no_less; try assumption; [exact (fun G => G)|reflexivity|].
  intros l i _.
  apply (dacl_in_all (at_leaf q tree l)).
  intros a.
  apply law_2_effects; assumption.
Qed.

(** A container adds to no node. *)
Theorem container_never_adds_to_parts q g k l l' : In g (guids tree) -> all_start (wanted (req q)) tree ->
  l <= l' -> 0x2000 <= l' ->
  within (granted_of (check_node (with_container q (Some k) l) tree g))
    (granted_of (check_node (with_container q None l') tree g)).
Proof.
  intros Hg Start L M.
  apply nodes_grant_no_less; try assumption; [exact (fun G => G)|reflexivity|].
  intros leaf i _.
  apply (container_bits (at_leaf q tree leaf) k l l' i L M).
Qed.

(** Law 11 about parts: what is granted to a node stays granted, however the unknown facts turn out. *)
Theorem law_11_granted_parts q gs complete out verdicts g :
  let q' := with_knowledge q gs complete out verdicts in
  In g (guids tree) -> all_start (wanted (req q)) tree -> knows_more q q' ->
  within (granted_of (check_node q tree g)) (granted_of (check_node q' tree g)).
Proof.
  intros q' Hg Start More.
  apply nodes_grant_no_less; try assumption; [exact (fun G => G)|reflexivity|].
  intros l i _.
  apply (in_all_refines (at_leaf q tree l) gs complete out verdicts More i).
Qed.

(** Law 11 about parts: a node that is refused for certain stays refused. *)
Theorem law_11_refused_parts q gs complete out verdicts g :
  let q' := with_knowledge q gs complete out verdicts in
  In g (guids tree) -> all_start (wanted (req q)) tree -> knows_more q q' ->
  allowed (check_node q tree g) = false -> why (check_node q tree g) <> Some Undetermined ->
  allowed (check_node q' tree g) = false.
Proof.
  intros q' Hg Start More No Certain.
  destruct (allowed (check_node q' tree g)) eqn:Yes; [|reflexivity].
  exfalso.
  apply Certain.
  apply node_allowed_iff in Yes; try assumption.
  destruct Yes as (G & A & i & S).
  apply node_undetermined_iff; try assumption.
  assert (P : forall j, in_all_leaves q' tree g false j = true -> in_all_leaves q tree g true j = true).
  { intros j.
    unfold in_all_leaves.
    rewrite !forallb_forall.
    intros H l Hl.
    apply (in_all_refines (at_leaf q tree l) gs complete out verdicts More j).
    specialize (H l Hl).
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

(** Law 11 about parts: if every fact is known, no node is undetermined. *)
Theorem law_11_certain_parts q g : In g (guids tree) -> all_start (wanted (req q)) tree ->
  (forall s, membership_of (q_caller q) s <> UnknownMember) ->
  (forall d k, exists t, q_verdict q d k = certain t) ->
  why (check_node q tree g) <> Some Undetermined.
Proof.
  intros Hg Start Known Verdicts U.
  apply node_undetermined_iff in U; try assumption.
  destruct U as (G & No & All & i & P).
  assert (Eq : forall j, in_all_leaves q tree g true j = in_all_leaves q tree g false j).
  { intros j.
    apply forallb_equal.
    intros l _.
    apply (known_bits (at_leaf q tree l) j Known Verdicts). }
  assert (A : allowed (check_node q tree g) = true).
  { apply node_allowed_iff; try assumption.
    split; [exact G|].
    split; [intros j E; rewrite <- Eq; apply All, E|].
    exists i.
    rewrite <- Eq.
    exact P. }
  congruence.
Qed.

(** Rising is justified: a right that a node is granted is certain about each leaf below it. *)
Theorem granted_node_has_granted_leaves q g i l : In g (guids tree) -> all_start (wanted (req q)) tree ->
  bit (granted_of (check_node q tree g)) i = true -> In l (leaves_under g tree) ->
  in_all (at_leaf q tree l) false i = true.
Proof.
  intros Hg Start H Hl.
  apply node_granted_iff in H; try assumption.
  destruct H as [_ H].
  unfold in_all_leaves in H.
  rewrite forallb_forall in H.
  apply H, Hl.
Qed.

(** If a leaf below a node lacks a right that is asked for, the node is refused, whatever else it has. *)
Theorem denied_leaf_denies_node q g i l : In g (guids tree) -> all_start (wanted (req q)) tree ->
  bit (explicit (req q)) i = true -> In l (leaves_under g tree) ->
  in_all (at_leaf q tree l) false i = false -> allowed (check_node q tree g) = false.
Proof.
  intros Hg Start E Hl N.
  destruct (allowed (check_node q tree g)) eqn:A; [|reflexivity].
  apply node_allowed_iff in A; try assumption.
  destruct A as (_ & A & _).
  specialize (A i E).
  unfold in_all_leaves in A.
  rewrite forallb_forall in A.
  rewrite (A l Hl) in N.
  discriminate.
Qed.

(** * One node, and the root *)

Definition without_tree q : question condition :=
  {| q_descriptor := q_descriptor q; q_caller := q_caller q; q_desired := q_desired q;
     q_options := q_options q; q_part := None; q_evaluates_policies := q_evaluates_policies q;
     q_verdict := q_verdict q |}.

(** The check about a part is the check without a tree if no entry is about a part. *)
Lemma plain_entries q part :
  (forall es e, dacl (q_descriptor q) = Some es -> In e es -> a_object e = None) ->
  check (with_part q part) = check (without_tree q).
Proof.
  intros Plain.
  apply same_effects_same_check; try reflexivity.
  change (q_descriptor (with_part q part)) with (q_descriptor q).
  change (q_descriptor (without_tree q)) with (q_descriptor q).
  destruct (dacl (q_descriptor q)) as [es|] eqn:D; [|exact I].
  intros a.
  split; [reflexivity|].
  apply map_ext_in.
  intros e He.
  specialize (Plain es e eq_refl He).
  unfold entry_effect, access, resolve, is_elsewhere, is_unevaluated.
  rewrite Plain.
  reflexivity.
Qed.
End Laws.

(** A tree of one node is the plain check, if no entry is about a part. *)
Theorem one_node {condition : Type} (q : question condition) g :
  (forall es e, dacl (q_descriptor q) = Some es -> In e es -> a_object e = None) ->
  same_answer (check_node q (Node g (start (wanted (req q))) Nil Nil) g) (check (without_tree q)).
Proof.
  intros Plain.
  rewrite <- (plain_entries q [g] Plain).
  assert (Path : path_to g (Node g (start (wanted (req q))) Nil Nil) = [g]).
  { cbn [path_to].
    rewrite N.eqb_refl.
    reflexivity. }
  rewrite <- Path.
  apply leaf_is_plain.
  - repeat constructor.
    intros [].
  - cbn.
    auto.
  - left.
    reflexivity.
Qed.

Lemma all_of_state wanted g f : all_of wanted f -> In g (guids f) -> is_of wanted (state_at g f).
Proof.
  intros A H.
  destruct (find_state_in g f H) as [s E].
  unfold state_at.
  rewrite E.
  revert s E.
  clear H.
  induction f as [|o s' below IHb rest IHr]; intros s; cbn [find_state]; [discriminate|].
  destruct A as (S & B & R).
  destruct (o =? g); [intros [= <-]; exact S|].
  destruct (find_state g below) as [s''|]; [|apply IHr, R].
  intros [= <-].
  apply (IHb B s'' eq_refl).
Qed.

(** The decision about all nodes together is the decision about the root, in every detail. *)
Theorem overall_is_root {condition : Type} (q : question condition) o below :
  let tree := Node o (start (wanted (req q))) below Nil in
  NoDup (guids tree) -> all_start (wanted (req q)) tree -> within (wanted (req q)) everything ->
  check_overall q tree = check_node q tree o.
Proof.
  intros tree Distinct Start Small.
  assert (Root : In o (guids tree)) by (left; reflexivity).
  assert (All : leaves_under o tree = leaves tree).
  { unfold tree.
    cbn [leaves_under].
    rewrite N.eqb_refl.
    reflexivity. }
  assert (Fold : forall (rights : grants -> mask) nodes i,
    (forall g h, rights {| g_certain := inter (g_certain g) (g_certain h);
                           g_possible := inter (g_possible g) (g_possible h) |} =
       inter (rights g) (rights h)) ->
    rights {| g_certain := everything; g_possible := everything |} = everything ->
    bit (rights (grants_of_nodes q tree nodes)) i =
    forallb (fun g => bit (rights (node_grants q tree g)) i) nodes && bit everything i).
  { intros rights nodes i Meet Top.
    induction nodes as [|g nodes IH]; cbn [grants_of_nodes fold_right forallb].
    - rewrite Top.
      reflexivity.
    - rewrite Meet, inter_bit.
      fold (grants_of_nodes q tree nodes).
      rewrite IH.
      apply andb_assoc. }
  assert (Within : forall i, bit (g_possible (node_grants q tree o)) i = true -> bit everything i = true).
  { intros i.
    unfold node_grants.
    cbn [grants_of_passes g_possible].
    rewrite in_each_pass_bit, forallb_forall.
    intros H.
    specialize (H OfCaller (or_introl eq_refl)).
    apply Small.
    pose proof (pass_reached q tree Start OfCaller) as R.
    rewrite <- (all_of_state (wanted (req q)) o (tree_after_pass q tree OfCaller)).
    - rewrite H, orb_true_r.
      reflexivity.
    - apply R.
    - rewrite (reached_guids q tree _ R).
      exact Root. }
  assert (Certain : forall i, bit (g_certain (grants_of_nodes q tree (guids tree))) i =
    bit (g_certain (node_grants q tree o)) i).
  { intros i.
    rewrite (Fold g_certain) by reflexivity.
    apply eq_true_iff_eq.
    rewrite andb_true_iff, forallb_forall.
    split; [intros [H _]; apply H, Root|].
    intros H.
    split.
    - intros g Hg.
      destruct (node_grants_are q tree Distinct Start g i Hg) as [-> _].
      destruct (node_grants_are q tree Distinct Start o i Root) as [E _].
      rewrite E, All in H.
      rewrite forallb_forall in *.
      intros l Hl.
      apply H, (leaves_under_in g tree), Hl.
    - apply Within, (passes_coherent q), H. }
  assert (Possible : forall i, bit (g_possible (grants_of_nodes q tree (guids tree))) i =
    bit (g_possible (node_grants q tree o)) i).
  { intros i.
    rewrite (Fold g_possible) by reflexivity.
    apply eq_true_iff_eq.
    rewrite andb_true_iff, forallb_forall.
    split; [intros [H _]; apply H, Root|].
    intros H.
    split.
    - intros g Hg.
      destruct (node_grants_are q tree Distinct Start g i Hg) as [_ ->].
      destruct (node_grants_are q tree Distinct Start o i Root) as [_ E].
      rewrite E, All in H.
      rewrite forallb_forall in *.
      intros l Hl.
      apply H, (leaves_under_in g tree), Hl.
    - apply Within, H. }
  unfold check_overall, check_node.
  destruct (refusal q); [reflexivity|].
  f_equal.
  destruct (grants_of_nodes q tree (guids tree)) as [c p], (node_grants q tree o) as [c' p'].
  cbn [g_certain g_possible] in *.
  f_equal; apply mask_eq; assumption.
Qed.

(** * Trees from lists of levels and GUIDs *)

Lemma add_node_guids depth o s f : forall f', add_node depth o s f = Some f' -> guids f' = guids f ++ [o].
Proof.
  revert depth.
  induction f as [|o' s' below IHb rest IHr]; intros depth f' E.
  - destruct depth; cbn in E; [|discriminate].
    injection E as <-.
    reflexivity.
  - assert (Rest : option_map (Node o' s' below) (add_node depth o s rest) = Some f' ->
      guids f' = guids (Node o' s' below rest) ++ [o]).
    { intros X.
      destruct (add_node depth o s rest) as [r|] eqn:R; [|discriminate].
      injection X as <-.
      cbn [guids].
      rewrite (IHr depth r R), app_assoc.
      reflexivity. }
    destruct rest as [|o'' s'' b'' r'']; [|apply Rest; destruct depth; exact E].
    destruct depth as [|depth]; [apply Rest, E|].
    cbn [add_node] in E.
    destruct (add_node depth o s below) as [b|] eqn:B; [|discriminate].
    injection E as <-.
    cbn [guids].
    rewrite (IHb depth b B), !app_nil_r.
    reflexivity.
Qed.

Lemma add_node_start wanted depth o f : forall f', add_node depth o (start wanted) f = Some f' ->
  all_start wanted f -> all_start wanted f'.
Proof.
  revert depth.
  induction f as [|o' s' below IHb rest IHr]; intros depth f' E All.
  - destruct depth; cbn in E; [|discriminate].
    injection E as <-.
    cbn.
    auto.
  - destruct All as (S & B & R).
    assert (Rest : option_map (Node o' s' below) (add_node depth o (start wanted) rest) = Some f' ->
      all_start wanted f').
    { intros X.
      destruct (add_node depth o (start wanted) rest) as [r|] eqn:Er; [|discriminate].
      injection X as <-.
      split; [exact S|].
      split; [exact B|exact (IHr depth r Er R)]. }
    destruct rest as [|o'' s'' b'' r'']; [|apply Rest; destruct depth; exact E].
    destruct depth as [|depth]; [apply Rest, E|].
    cbn [add_node] in E.
    destruct (add_node depth o (start wanted) below) as [b|] eqn:Eb; [|discriminate].
    injection E as <-.
    split; [exact S|].
    split; [exact (IHb depth b Eb B)|exact I].
Qed.

(** The tree of a list has its GUIDs, in their order, and every wanted right is open in each node. *)
Theorem tree_of_list wanted nodes tree : tree_of wanted nodes = Some tree ->
  guids tree = map snd nodes /\ all_start wanted tree.
Proof.
  unfold tree_of.
  assert (H : forall f, all_start wanted f ->
    fold_left (fun f node => match f with
      | Some f => add_node (fst node) (snd node) (start wanted) f
      | None => None
      end) nodes (Some f) = Some tree -> guids tree = guids f ++ map snd nodes /\ all_start wanted tree).
  { induction nodes as [|[depth o] nodes IH]; intros f S E; cbn [fold_left fst snd] in E.
    - injection E as <-.
      split; [symmetry; apply app_nil_r|exact S].
    - destruct (add_node depth o (start wanted) f) as [f'|] eqn:A.
      + destruct (IH f' (add_node_start _ _ _ _ _ A S) E) as [G S'].
        split; [|exact S'].
        rewrite G, (add_node_guids _ _ _ _ _ A), <- app_assoc.
        reflexivity.
      + exfalso.
        clear - E.
        induction nodes as [|n nodes IH]; cbn [fold_left] in E; [discriminate|auto]. }
  apply (H Nil).
  exact I.
Qed.
