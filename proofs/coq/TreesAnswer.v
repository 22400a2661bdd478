(** The answer about a leaf is that of the plain check, and a node is granted what all leaves below it are. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects Trees TreesBits TreesNodes TreesLeaves.
Import ListNotations.
Local Open Scope N_scope.

(** * Trees that a check can meet *)

(** Every wanted right is open in each node. *)
Fixpoint all_start (wanted : mask) (f : forest) : Prop :=
  match f with
  | Nil => True
  | Node _ s below rest => s = start wanted /\ all_start wanted below /\ all_start wanted rest
  end.

Lemma start_of wanted f : all_start wanted f -> all_of wanted f.
Proof.
  induction f as [|o s below IHb rest IHr]; [exact (fun H => H)|].
  intros (-> & B & R).
  cbn.
  auto using start_is_of.
Qed.

Lemma start_worst hopeful wanted i f : all_start wanted f -> f <> Nil ->
  worst hopeful f i = view_of hopeful (start wanted) i.
Proof.
  induction f as [|o s below _ rest IH]; [contradiction|].
  intros (-> & _ & R) _.
  cbn [worst].
  destruct rest as [|o' s' b' r'].
  - cbn [worst].
    destruct (view_of hopeful (start wanted) i); reflexivity.
  - rewrite IH by (discriminate || exact R).
    destruct (view_of hopeful (start wanted) i); reflexivity.
Qed.

Lemma start_consistent hopeful wanted i f : all_start wanted f -> consistent hopeful i f.
Proof.
  induction f as [|o s below IHb rest IHr]; [exact (fun _ => I)|].
  intros (-> & B & R).
  cbn [consistent].
  split; [|auto].
  destruct below as [|o' s' b' r']; [left; reflexivity|].
  right.
  symmetry.
  apply start_worst; [exact B|discriminate].
Qed.

Lemma start_state wanted l f : all_start wanted f -> In l (guids f) -> state_at l f = start wanted.
Proof.
  intros All H.
  destruct (find_state_in l f H) as [s E].
  unfold state_at.
  rewrite E.
  revert s E.
  clear H.
  induction f as [|o s' below IHb rest IHr]; intros s; cbn [find_state]; [discriminate|].
  destruct All as (-> & B & R).
  destruct (o =? l); [intros [= <-]; reflexivity|].
  destruct (find_state l below) as [s''|]; [|apply IHr, R].
  intros [= <-].
  apply (IHb B s'' eq_refl).
Qed.

Section Parts.
Context {condition : Type}.
Variables (q : question condition) (tree : forest).
Hypothesis Distinct : NoDup (guids tree).
Hypothesis Start : all_start (wanted (req q)) tree.

(** A forest that the check makes of the tree. *)
Definition reached (f : forest) : Prop :=
  shape f = shape tree /\ all_of (wanted (req q)) f /\ forall hopeful i, consistent hopeful i f.

Lemma reached_guids f : reached f -> guids f = guids tree.
Proof.
  intros (S & _).
  rewrite <- (guids_shape f), <- (guids_shape tree), S.
  reflexivity.
Qed.

Lemma reached_leaves f : reached f -> leaves f = leaves tree.
Proof.
  intros (S & _).
  rewrite <- (leaves_shape f), <- (leaves_shape tree), S.
  reflexivity.
Qed.

Lemma reached_path f l : reached f -> path_to l f = path_to l tree.
Proof.
  intros (S & _).
  rewrite <- (path_shape l f), <- (path_shape l tree), S.
  reflexivity.
Qed.

Lemma reached_under f g : reached f -> leaves_under g f = leaves_under g tree.
Proof.
  intros (S & _).
  rewrite <- (leaves_under_shape g f), <- (leaves_under_shape g tree), S.
  reflexivity.
Qed.

Lemma tree_reached : reached tree.
Proof.
  split; [reflexivity|].
  split; [apply start_of, Start|].
  intros hopeful i.
  apply (start_consistent _ (wanted (req q))), Start.
Qed.

Lemma all_reached x f : reached f -> reached (apply_to_all x f).
Proof.
  intros (S & A & C).
  split; [rewrite shape_apply_to_all; exact S|].
  split; [apply apply_to_all_of, A|].
  intros hopeful i.
  apply apply_to_all_consistent, C.
Qed.

Lemma target_reached f target x : reached f -> reached (apply_target f target x).
Proof.
  intros R.
  destruct target as [g|]; cbn [apply_target]; [|apply all_reached, R].
  destruct (apply_at g x f) as [f'|] eqn:E; [|exact R].
  destruct R as (S & A & C).
  split; [rewrite (shape_apply_at _ _ _ _ E); exact S|].
  split; [apply (apply_at_of _ _ _ _ _ E A)|].
  intros hopeful i.
  apply (apply_at_consistent _ _ _ _ _ _ _ E A), C.
Qed.

Lemma entry_reached a f e : reached f -> reached (apply_entry q tree a f e).
Proof.
  intros R.
  unfold apply_entry.
  destruct (entry_effect _ a e); [apply target_reached, R|exact R].
Qed.

Lemma entries_reached a es : forall f, reached f -> reached (tree_entries q tree a es f).
Proof.
  induction es as [|e es IH]; intros f R; cbn [tree_entries]; [exact R|].
  destruct (all_settled (req q) f); [exact R|].
  apply IH, entry_reached, R.
Qed.

Lemma pass_reached a : reached (tree_after_pass q tree a).
Proof.
  assert (B : forall xs f, reached f -> reached (fold_left (fun f x => apply_to_all x f) xs f)).
  { induction xs as [|x xs IH]; intros f R; [exact R|].
    apply IH, all_reached, R. }
  unfold tree_after_pass, tree_pass.
  specialize (B (begins q a) tree tree_reached).
  destruct (dacl (q_descriptor q)) as [es|].
  - apply entries_reached.
    destruct (implicit_owner_rights q a es); [apply all_reached, B|exact B].
  - destruct (is_container a); [exact B|apply all_reached, B].
Qed.

(** * The answer about a leaf *)

(** The plain question about a leaf: an entry for a part counts if this part is the leaf or above it. *)
Definition at_leaf (l : object) : question condition := with_part q (path_to l tree).

(** The effect of an entry on a leaf. *)
Lemma effect_at_leaf a e l :
  entry_effect (at_leaf l) a e =
  match target_of e with
  | Some g =>
    if existsb (N.eqb g) (path_to l tree) then entry_effect (with_part q (guids tree)) a e else None
  | None => entry_effect (with_part q (guids tree)) a e
  end.
Proof.
  assert (R : forall allows sure, resolve (at_leaf l) a e allows sure =
    match a_object e with
    | Some g =>
      if existsb (N.eqb g) (path_to l tree) then resolve (with_part q (guids tree)) a e allows sure else None
    | None => resolve (with_part q (guids tree)) a e allows sure
    end).
  { intros allows b.
    unfold resolve, is_elsewhere, is_unevaluated, at_leaf.
    cbn [with_part q_part q_verdict].
    destruct (a_object e) as [g|]; [|reflexivity].
    destruct (existsb (N.eqb g) (path_to l tree)) eqn:P; [|reflexivity].
    assert (T : existsb (N.eqb g) (guids tree) = true).
    { apply existsb_exists in P.
      destruct P as (x & Hx & E).
      apply existsb_exists.
      exists x.
      split; [apply (path_in_guids l tree), Hx|exact E]. }
    rewrite T.
    reflexivity. }
  assert (A : forall allows, access (at_leaf l) a e allows =
    match a_object e with
    | Some g =>
      if existsb (N.eqb g) (path_to l tree) then access (with_part q (guids tree)) a e allows else None
    | None => access (with_part q (guids tree)) a e allows
    end).
  { intros allows.
    unfold access.
    change (meant (at_leaf l)) with (meant q).
    change (meant (with_part q (guids tree))) with (meant q).
    change (member (at_leaf l) a) with (member q a).
    change (member (with_part q (guids tree)) a) with (member q a).
    rewrite !R.
    destruct (a_trustee e) as [t|]; [destruct (meant q t) as [s|]; [destruct (member q a s)|]|];
      destruct (a_object e) as [g|]; try reflexivity;
      destruct (existsb (N.eqb g) (path_to l tree)), allows; reflexivity. }
  unfold entry_effect, target_of.
  rewrite !A.
  change (q_options (at_leaf l)) with (q_options q).
  change (q_options (with_part q (guids tree))) with (q_options q).
  destruct (a_inherit_only e), (a_kind e), (a_object e) as [g|]; try reflexivity;
    destruct (existsb (N.eqb g) (path_to l tree)); try reflexivity;
    destruct (is_container a); reflexivity.
Qed.

Lemma entry_at_leaf a f e l : reached f -> In l (leaves tree) ->
  state_at l (apply_entry q tree a f e) = apply_effect (state_at l f) (entry_effect (at_leaf l) a e).
Proof.
  intros R Hl.
  assert (Hg : In l (guids f)) by (rewrite (reached_guids f R); apply leaves_in_guids, Hl).
  rewrite effect_at_leaf.
  unfold apply_entry.
  destruct (entry_effect (with_part q (guids tree)) a e) as [x|] eqn:Ee.
  - destruct (target_of e) as [g|]; cbn [apply_target].
    + destruct (apply_at g x f) as [f'|] eqn:E.
      * rewrite (state_apply_at g x f f') with (l := l).
        -- rewrite (reached_path f l R).
           destruct (existsb (N.eqb g) (path_to l tree)); reflexivity.
        -- rewrite (reached_guids f R).
           exact Distinct.
        -- exact E.
        -- rewrite (reached_leaves f R).
           exact Hl.
      * rewrite not_on_path; [reflexivity|].
        intros I.
        rewrite <- (reached_guids f R) in I.
        destruct (apply_at_in g x f I) as [f' X].
        congruence.
    + apply state_apply_to_all, Hg.
  - destruct (target_of e) as [g|]; [destruct (existsb (N.eqb g) (path_to l tree))|]; reflexivity.
Qed.

Lemma entries_at_leaf a l es : In l (leaves tree) -> forall f, reached f ->
  alike (req q) (state_at l (tree_entries q tree a es f))
    (fold_left apply_bits (effects (at_leaf l) a es) (state_at l f)).
Proof.
  intros Hl.
  induction es as [|e es IH]; intros f R; cbn [tree_entries]; [left; reflexivity|].
  destruct (all_settled (req q) f) eqn:S.
  - apply settled_alike, (settled_state _ f); [exact S|].
    rewrite (reached_guids f R).
    apply leaves_in_guids, Hl.
  - specialize (IH _ (entry_reached a f e R)).
    rewrite (entry_at_leaf a f e l R Hl) in IH.
    cbn [effects flat_map].
    rewrite fold_left_app.
    destruct (entry_effect (at_leaf l) a e); exact IH.
Qed.

Lemma pass_at_leaf a l : In l (leaves tree) ->
  alike (req q) (state_at l (tree_after_pass q tree a)) (to_the_end (at_leaf l) a).
Proof.
  intros Hl.
  assert (Hg : In l (guids tree)) by (apply leaves_in_guids, Hl).
  assert (B : forall xs f, reached f -> reached (fold_left (fun f x => apply_to_all x f) xs f) /\
    state_at l (fold_left (fun f x => apply_to_all x f) xs f) = fold_left apply_bits xs (state_at l f)).
  { induction xs as [|x xs IH]; intros f R; [split; [exact R|reflexivity]|].
    destruct (IH _ (all_reached x f R)) as [R' E].
    split; [exact R'|].
    cbn [fold_left].
    rewrite E, state_apply_to_all; [reflexivity|].
    rewrite (reached_guids f R).
    exact Hg. }
  destruct (B (begins q a) tree tree_reached) as [R E].
  rewrite (start_state _ _ _ Start Hg) in E.
  unfold tree_after_pass, tree_pass, to_the_end, all_effects, pass_effects.
  rewrite fold_left_app.
  change (dacl (q_descriptor (at_leaf l))) with (dacl (q_descriptor q)).
  change (begins (at_leaf l) a) with (begins q a).
  change (req (at_leaf l)) with (req q).
  destruct (dacl (q_descriptor q)) as [es|].
  - change (implicit_owner_rights (at_leaf l) a es) with (implicit_owner_rights q a es).
    rewrite fold_left_app, <- E.
    destruct (implicit_owner_rights q a es) as [x|]; [|apply entries_at_leaf; assumption].
    cbn [opt fold_left].
    rewrite <- (state_apply_to_all l x) by (rewrite (reached_guids _ R); exact Hg).
    apply entries_at_leaf; [exact Hl|].
    apply all_reached, R.
  - change (unprotected (at_leaf l)) with (unprotected q).
    rewrite <- E.
    destruct (is_container a); [left; reflexivity|].
    left.
    apply state_apply_to_all.
    rewrite (reached_guids _ R).
    exact Hg.
Qed.

(** The answer about a leaf is that of the plain check of the entries about the leaf and about the nodes above
    it. *)
Theorem leaf_is_plain l : In l (leaves tree) -> same_answer (check_node q tree l) (check (at_leaf l)).
Proof.
  intros Hl.
  unfold check_node, check.
  change (refusal (at_leaf l)) with (refusal q).
  destruct (refusal q); [reflexivity|].
  change (req (at_leaf l)) with (req q).
  assert (A : same_answer (decide (req q) (node_grants q tree l))
    (decide (req q) (grants_of_passes q (to_the_end (at_leaf l))))).
  { apply passes_alike.
    intros a _.
    apply pass_at_leaf, Hl. }
  assert (C : same_answer (decide (req q) (grants_of_passes (at_leaf l) (after_pass (at_leaf l))))
    (decide (req q) (grants_of_passes (at_leaf l) (to_the_end (at_leaf l))))).
  { apply (passes_alike (at_leaf l)).
    intros a _.
    apply after_pass_alike. }
  change (grants_of_passes (at_leaf l)) with (grants_of_passes q) in C |- *.
  destruct (decide (req q) (node_grants q tree l)),
    (decide (req q) (grants_of_passes q (to_the_end (at_leaf l)))),
    (decide (req q) (grants_of_passes q (after_pass (at_leaf l)))); cbn in *; congruence || contradiction.
Qed.

(** * The answer about a node *)

(** [rights] are the certain ones, or the possible ones if [hopeful]. *)
Lemma node_pass hopeful rights a g i :
  (forall s, view_of hopeful s i = IsGranted <-> bit (rights s) i = true) ->
  In g (guids tree) ->
  bit (rights (state_at g (tree_after_pass q tree a))) i =
  forallb (fun l => bit (rights (state_at l (tree_after_pass q tree a))) i) (leaves_under g tree).
Proof.
  intros View Hg.
  pose proof (pass_reached a) as R.
  apply eq_true_iff_eq.
  rewrite <- View, forallb_forall, (node_has_worst_leaf hopeful i g).
  - rewrite worst_at_granted, (reached_under _ g R).
    split; intros H l Hl; apply View, H, Hl.
  - rewrite (reached_guids _ R).
    exact Distinct.
  - apply R.
  - rewrite (reached_guids _ R).
    exact Hg.
Qed.

Lemma forallb_swap {A B} (f : A -> B -> bool) l l' :
  forallb (fun a => forallb (fun b => f a b) l') l = forallb (fun b => forallb (fun a => f a b) l) l'.
Proof.
  apply eq_true_iff_eq.
  rewrite !forallb_forall.
  split; intros H x Hx; apply forallb_forall; intros y Hy; specialize (H y Hy);
    rewrite forallb_forall in H; apply H, Hx.
Qed.

(** A node is granted a right, for certain or possibly, if and only if every leaf below it is. *)
Theorem node_grants_are g i : In g (guids tree) ->
  bit (g_certain (node_grants q tree g)) i =
    forallb (fun l => bit (g_certain (node_grants q tree l)) i) (leaves_under g tree) /\
  bit (g_possible (node_grants q tree g)) i =
    forallb (fun l => bit (g_possible (node_grants q tree l)) i) (leaves_under g tree).
Proof.
  intros Hg.
  unfold node_grants.
  cbn [grants_of_passes g_certain g_possible].
  assert (E : forall rights : account -> object -> mask,
    forallb (fun l => bit (in_each_pass q (fun a => rights a l)) i) (leaves_under g tree) =
    forallb (fun a => forallb (fun l => bit (rights a l) i) (leaves_under g tree)) (accounts q)).
  { intros rights.
    rewrite forallb_swap.
    induction (leaves_under g tree) as [|l ls IH]; cbn [forallb]; [reflexivity|].
    rewrite in_each_pass_bit, IH.
    reflexivity. }
  split; rewrite in_each_pass_bit.
  - rewrite (E (fun a l => granted (state_at l (tree_after_pass q tree a)))).
    clear E.
    induction (accounts q) as [|a as' IH]; cbn [forallb]; [reflexivity|].
    rewrite (node_pass false granted), IH by (exact Hg || intros s; apply view_certain).
    reflexivity.
  - rewrite (E (fun a l => may_granted (state_at l (tree_after_pass q tree a)))).
    clear E.
    induction (accounts q) as [|a as' IH]; cbn [forallb]; [reflexivity|].
    rewrite (node_pass true may_granted), IH by (exact Hg || intros s; apply view_possible).
    reflexivity.
Qed.
End Parts.
