(** The states of nodes by GUID: a node has the worst of the states of the leaves below it. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects Trees TreesBits.
Import ListNotations.
Local Open Scope N_scope.

(** * Leaves and paths *)

(** The nodes without nodes below them. *)
Fixpoint leaves (f : forest) : list object :=
  match f with
  | Nil => []
  | Node o _ Nil rest => o :: leaves rest
  | Node _ _ below rest => leaves below ++ leaves rest
  end.

(** The leaves below a node; for a leaf, itself. *)
Fixpoint leaves_under (g : object) (f : forest) : list object :=
  match f with
  | Nil => []
  | Node o s below rest =>
    if o =? g then leaves (Node o s below Nil)
    else match leaves_under g below with [] => leaves_under g rest | l => l end
  end.

(** A node and the nodes above it. *)
Fixpoint path_to (g : object) (f : forest) : list object :=
  match f with
  | Nil => []
  | Node o _ below rest =>
    if o =? g then [o] else match path_to g below with [] => path_to g rest | p => o :: p end
  end.

Lemma leaves_in_guids l f : In l (leaves f) -> In l (guids f).
Proof.
  induction f as [|o s below IHb rest IHr]; [exact (fun H => H)|].
  cbn [guids].
  assert (Rest : In l (leaves rest) -> In l (o :: guids below ++ guids rest)).
  { intros H.
    right.
    apply in_app_iff.
    auto. }
  destruct below as [|o' s' b' r']; cbn [leaves].
  - intros [<-|H]; [left; reflexivity|auto].
  - intros H.
    apply in_app_iff in H.
    destruct H as [H|H]; [|auto].
    right.
    apply in_app_iff.
    auto.
Qed.

Lemma path_in_guids l f : incl (path_to l f) (guids f).
Proof.
  induction f as [|o s below IHb rest IHr]; cbn [path_to guids]; [intros x []|].
  destruct (o =? l).
  - intros x [<-|[]].
    left.
    reflexivity.
  - intros x Hx.
    destruct (path_to l below) as [|y p].
    + right.
      apply in_app_iff.
      auto.
    + destruct Hx as [<-|Hx]; [left; reflexivity|].
      right.
      apply in_app_iff.
      auto.
Qed.

(** * Finding states *)

Lemma find_state_in g f : In g (guids f) -> exists s, find_state g f = Some s.
Proof.
  induction f as [|o s below IHb rest IHr]; [intros []|].
  cbn [guids find_state].
  intros H.
  destruct (o =? g) eqn:E; [eauto|].
  apply N.eqb_neq in E.
  destruct H as [H|H]; [contradiction|].
  apply in_app_iff in H.
  destruct (find_state g below); [eauto|].
  destruct H as [H|H]; [|auto].
  destruct (IHb H) as [s' X].
  discriminate.
Qed.

Lemma find_state_out g f : ~ In g (guids f) -> find_state g f = None.
Proof.
  induction f as [|o s below IHb rest IHr]; [reflexivity|].
  cbn [guids find_state].
  intros H.
  destruct (o =? g) eqn:E.
  - apply N.eqb_eq in E.
    contradiction H.
    left.
    exact E.
  - rewrite IHb, IHr; [reflexivity|intros X; apply H; right; apply in_app_iff; auto..].
Qed.

Lemma distinct_app (l l' : list object) : NoDup (l ++ l') ->
  NoDup l /\ NoDup l' /\ forall x, In x l -> ~ In x l'.
Proof.
  induction l as [|y l IH]; cbn [app]; intros H.
  - split; [constructor|].
    split; [exact H|].
    intros x [].
  - apply NoDup_cons_iff in H.
    destruct H as [Y H].
    destruct (IH H) as (D & D' & Apart).
    rewrite in_app_iff in Y.
    split; [constructor; tauto|].
    split; [exact D'|].
    intros x [<-|Hx]; [tauto|auto].
Qed.

(** If no GUID of a forest is repeated, none is repeated in its parts, and its parts have none in common. *)
Lemma distinct_parts o (s : access_state) below rest : NoDup (guids (Node o s below rest)) ->
  NoDup (guids below) /\ NoDup (guids rest) /\ ~ In o (guids below) /\ ~ In o (guids rest) /\
  forall g, In g (guids below) -> ~ In g (guids rest).
Proof.
  cbn [guids].
  intros H.
  apply NoDup_cons_iff in H.
  destruct H as [O H].
  rewrite in_app_iff in O.
  destruct (distinct_app _ _ H) as (B & R & Apart).
  repeat split; tauto.
Qed.

Lemma state_at_top o s below rest : state_at o (Node o s below rest) = s.
Proof.
  unfold state_at.
  cbn [find_state].
  rewrite N.eqb_refl.
  reflexivity.
Qed.

Lemma state_at_below g o s below rest : In g (guids below) -> ~ In o (guids below) ->
  state_at g (Node o s below rest) = state_at g below.
Proof.
  intros G O.
  unfold state_at.
  cbn [find_state].
  destruct (o =? g) eqn:E; [apply N.eqb_eq in E; subst; contradiction|].
  destruct (find_state_in g below G) as [s' ->].
  reflexivity.
Qed.

Lemma state_at_rest g o s below rest : In g (guids rest) -> ~ In o (guids rest) -> ~ In g (guids below) ->
  state_at g (Node o s below rest) = state_at g rest.
Proof.
  intros G O B.
  unfold state_at.
  cbn [find_state].
  destruct (o =? g) eqn:E; [apply N.eqb_eq in E; subst; contradiction|].
  rewrite (find_state_out g below B).
  reflexivity.
Qed.

(** * A node has the worst state of the leaves below it *)

Fixpoint worst_at (hopeful : bool) (i : N) (state : object -> access_state) (l : list object) : view :=
  match l with
  | [] => IsGranted
  | g :: l => worse (view_of hopeful (state g) i) (worst_at hopeful i state l)
  end.

Lemma worst_at_app hopeful i state l l' :
  worst_at hopeful i state (l ++ l') = worse (worst_at hopeful i state l) (worst_at hopeful i state l').
Proof.
  induction l as [|g l IH]; cbn [app worst_at].
  - destruct (worst_at hopeful i state l'); reflexivity.
  - fold (worst_at hopeful i state (l ++ l')).
    rewrite IH.
    destruct (view_of hopeful (state g) i), (worst_at hopeful i state l), (worst_at hopeful i state l');
      reflexivity.
Qed.

Lemma worst_at_ext hopeful i state state' l : (forall g, In g l -> state g = state' g) ->
  worst_at hopeful i state l = worst_at hopeful i state' l.
Proof.
  intros H.
  induction l as [|g l IH]; [reflexivity|].
  cbn [worst_at fold_right].
  rewrite (H g (or_introl eq_refl)), IH; [reflexivity|].
  intros g' Hg'.
  apply H.
  right.
  exact Hg'.
Qed.

Lemma worst_at_granted hopeful i state l :
  worst_at hopeful i state l = IsGranted <-> forall g, In g l -> view_of hopeful (state g) i = IsGranted.
Proof.
  induction l as [|g l IH]; cbn [worst_at fold_right]; [split; [intros _ g []|reflexivity]|].
  rewrite worse_granted, IH.
  split.
  - intros [V H] g' [<-|Hg']; auto.
  - intros H.
    split; [apply H; left; reflexivity|].
    intros g' Hg'.
    apply H.
    right.
    exact Hg'.
Qed.

Lemma worst_of_leaves hopeful i f : NoDup (guids f) -> consistent hopeful i f ->
  worst hopeful f i = worst_at hopeful i (fun g => state_at g f) (leaves f).
Proof.
  induction f as [|o s below IHb rest IHr]; [reflexivity|].
  intros D (V & Cb & Cr).
  destruct (distinct_parts _ _ _ _ D) as (Db & Dr & Ob & Or & Apart).
  cbn [worst].
  assert (Rest : worst_at hopeful i (fun g => state_at g (Node o s below rest)) (leaves rest) =
    worst hopeful rest i).
  { rewrite (IHr Dr Cr).
    apply worst_at_ext.
    intros g Hg.
    apply leaves_in_guids in Hg.
    apply state_at_rest; try assumption.
    intros X.
    apply (Apart g X Hg). }
  destruct below as [|o' s' b' r'].
  - cbn [leaves worst_at].
    rewrite state_at_top, Rest.
    reflexivity.
  - change (leaves (Node o s (Node o' s' b' r') rest)) with (leaves (Node o' s' b' r') ++ leaves rest).
    rewrite worst_at_app, Rest.
    destruct V as [V|V]; [discriminate|].
    rewrite V, (IHb Db Cb).
    f_equal.
    apply worst_at_ext.
    intros g Hg.
    symmetry.
    apply state_at_below; [apply leaves_in_guids, Hg|exact Ob].
Qed.

Lemma leaves_under_in g f : incl (leaves_under g f) (leaves f).
Proof.
  induction f as [|o s below IHb rest IHr]; [intros x []|].
  cbn [leaves_under].
  assert (Split : leaves (Node o s below rest) = leaves (Node o s below Nil) ++ leaves rest).
  { destruct below; cbn [leaves]; [reflexivity|].
    rewrite app_nil_r.
    reflexivity. }
  rewrite Split.
  destruct (o =? g); [apply incl_appl, incl_refl|].
  destruct (leaves_under g below) as [|y l] eqn:E; [apply incl_appr, IHr|].
  apply incl_appl.
  destruct below; [discriminate|].
  change (leaves (Node o s (Node o0 s0 below1 below2) Nil)) with (leaves (Node o0 s0 below1 below2) ++ []).
  rewrite app_nil_r.
  exact IHb.
Qed.

Lemma leaves_not_nil f : f <> Nil -> leaves f <> [].
Proof.
  induction f as [|o s below IHb rest IHr]; [contradiction|].
  intros _.
  destruct below as [|o' s' b' r']; cbn [leaves]; [discriminate|].
  intros X.
  apply app_eq_nil in X.
  apply IHb; [discriminate|].
  tauto.
Qed.

Lemma leaves_under_some g f : In g (guids f) -> leaves_under g f <> [].
Proof.
  induction f as [|o s below IHb rest IHr]; [intros []|].
  cbn [guids leaves_under].
  intros H.
  destruct (o =? g) eqn:E; [apply leaves_not_nil; discriminate|].
  apply N.eqb_neq in E.
  destruct H as [H|H]; [contradiction|].
  apply in_app_iff in H.
  destruct (leaves_under g below) eqn:L; [|discriminate].
  destruct H as [H|H]; [|auto].
  contradiction (IHb H eq_refl).
Qed.

Lemma leaves_under_out g f : ~ In g (guids f) -> leaves_under g f = [].
Proof.
  induction f as [|o s below IHb rest IHr]; [reflexivity|].
  cbn [guids leaves_under].
  intros H.
  destruct (o =? g) eqn:E; [apply N.eqb_eq in E; contradiction H; left; exact E|].
  rewrite IHb, IHr; [reflexivity|intros X; apply H; right; apply in_app_iff; auto..].
Qed.

(** The state of a node is the worst of the states of the leaves below it, bit by bit. *)
Theorem node_has_worst_leaf hopeful i g f : NoDup (guids f) -> consistent hopeful i f -> In g (guids f) ->
  view_of hopeful (state_at g f) i = worst_at hopeful i (fun l => state_at l f) (leaves_under g f).
Proof.
  induction f as [|o s below IHb rest IHr]; [intros _ _ []|].
  intros D (V & Cb & Cr) In_f.
  destruct (distinct_parts _ _ _ _ D) as (Db & Dr & Ob & Or & Apart).
  cbn [leaves_under].
  destruct (o =? g) eqn:E.
  - apply N.eqb_eq in E.
    subst g.
    rewrite state_at_top.
    destruct below as [|o' s' b' r'].
    + cbn [leaves worst_at].
      rewrite state_at_top.
      destruct (view_of hopeful s i); reflexivity.
    + destruct V as [V|V]; [discriminate|].
      rewrite V, (worst_of_leaves _ _ _ Db Cb).
      change (leaves (Node o s (Node o' s' b' r') Nil)) with (leaves (Node o' s' b' r') ++ []).
      rewrite app_nil_r.
      apply worst_at_ext.
      intros l Hl.
      symmetry.
      apply state_at_below; [apply leaves_in_guids, Hl|exact Ob].
  - apply N.eqb_neq in E.
    destruct In_f as [In_f|In_f]; [contradiction|].
    apply in_app_iff in In_f.
    destruct In_f as [G|G].
    + rewrite (state_at_below g _ _ _ _ G Ob), (IHb Db Cb G).
      destruct (leaves_under g below) as [|y l] eqn:L; [contradiction (leaves_under_some g below G L)|].
      apply worst_at_ext.
      intros x Hx.
      symmetry.
      apply state_at_below; [|exact Ob].
      apply leaves_in_guids, (leaves_under_in g).
      rewrite L.
      exact Hx.
    + assert (NB : ~ In g (guids below)) by (intros X; apply (Apart g X G)).
      rewrite (state_at_rest g _ _ _ _ G Or NB), (IHr Dr Cr G), (leaves_under_out g below NB).
      apply worst_at_ext.
      intros x Hx.
      symmetry.
      apply leaves_under_in, leaves_in_guids in Hx.
      apply state_at_rest; try assumption.
      intros X.
      apply (Apart x X Hx).
Qed.
