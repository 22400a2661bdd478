(** The state of a leaf: an effect on a node touches the leaves below it, and no other leaf. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects Trees TreesBits TreesNodes.
Import ListNotations.
Local Open Scope N_scope.

(** * Effects do not change the shape of a tree *)

Fixpoint shape (f : forest) : forest :=
  match f with Nil => Nil | Node o _ below rest => Node o (start 0) (shape below) (shape rest) end.

Lemma guids_shape f : guids (shape f) = guids f.
Proof. induction f as [|o s below IHb rest IHr]; cbn; [|rewrite IHb, IHr]; reflexivity. Qed.

Lemma leaves_shape f : leaves (shape f) = leaves f.
Proof.
  induction f as [|o s below IHb rest IHr]; [reflexivity|].
  destruct below as [|o' s' b' r']; [cbn; rewrite IHr; reflexivity|].
  change (leaves (shape (Node o' s' b' r')) ++ leaves (shape rest) =
    leaves (Node o' s' b' r') ++ leaves rest).
  rewrite IHb, IHr.
  reflexivity.
Qed.

Lemma path_shape g f : path_to g (shape f) = path_to g f.
Proof. induction f as [|o s below IHb rest IHr]; cbn; [|rewrite IHb, IHr]; reflexivity. Qed.

Lemma leaves_under_shape g f : leaves_under g (shape f) = leaves_under g f.
Proof.
  induction f as [|o s below IHb rest IHr]; [reflexivity|].
  cbn [shape leaves_under].
  rewrite IHb, IHr.
  change (Node o (start 0) (shape below) Nil) with (shape (Node o s below Nil)).
  rewrite leaves_shape.
  reflexivity.
Qed.

Lemma shape_apply_to_all x f : shape (apply_to_all x f) = shape f.
Proof. induction f as [|o s below IHb rest IHr]; cbn; [|rewrite IHb, IHr]; reflexivity. Qed.

Lemma shape_apply_at g x f : forall f', apply_at g x f = Some f' -> shape f' = shape f.
Proof.
  induction f as [|o s below IHb rest IHr]; intros f' E; cbn [apply_at] in E; [discriminate|].
  destruct (o =? g).
  - injection E as <-.
    cbn.
    rewrite shape_apply_to_all.
    reflexivity.
  - destruct (apply_at g x below) as [b'|].
    + injection E as <-.
      cbn.
      rewrite (IHb b' eq_refl).
      reflexivity.
    + destruct (apply_at g x rest) as [r'|]; [|discriminate].
      injection E as <-.
      cbn.
      rewrite (IHr r' eq_refl).
      reflexivity.
Qed.

Lemma apply_at_in g x f : In g (guids f) -> exists f', apply_at g x f = Some f'.
Proof.
  induction f as [|o s below IHb rest IHr]; [intros []|].
  cbn [guids apply_at].
  intros H.
  destruct (o =? g) eqn:E; [eauto|].
  apply N.eqb_neq in E.
  destruct H as [H|H]; [contradiction|].
  apply in_app_iff in H.
  destruct (apply_at g x below) as [b'|]; [eauto|].
  destruct H as [H|H]; [destruct (IHb H); discriminate|].
  destruct (IHr H) as [r' ->].
  cbn.
  eauto.
Qed.

Lemma apply_at_out g x f : ~ In g (guids f) -> apply_at g x f = None.
Proof.
  induction f as [|o s below IHb rest IHr]; [reflexivity|].
  cbn [guids apply_at].
  intros H.
  destruct (o =? g) eqn:E; [apply N.eqb_eq in E; contradiction H; left; exact E|].
  rewrite IHb, IHr; [reflexivity|intros X; apply H; right; apply in_app_iff; auto..].
Qed.

(** * The state of a leaf *)

Lemma state_apply_to_all l x f : In l (guids f) ->
  state_at l (apply_to_all x f) = apply_bits (state_at l f) x.
Proof.
  intros H.
  destruct (find_state_in l f H) as [s E].
  assert (Both : find_state l (apply_to_all x f) = option_map (fun s => apply_bits s x) (find_state l f)).
  { clear H s E.
    induction f as [|o s below IHb rest IHr]; [reflexivity|].
    cbn [find_state apply_to_all].
    destruct (o =? l); [reflexivity|].
    rewrite IHb.
    destruct (find_state l below); [reflexivity|exact IHr]. }
  unfold state_at.
  rewrite Both, E.
  reflexivity.
Qed.

Lemma path_out g f : ~ In g (guids f) -> path_to g f = [].
Proof.
  induction f as [|o s below IHb rest IHr]; [reflexivity|].
  cbn [guids path_to].
  intros H.
  destruct (o =? g) eqn:E; [apply N.eqb_eq in E; contradiction H; left; exact E|].
  rewrite IHb, IHr; [reflexivity|intros X; apply H; right; apply in_app_iff; auto..].
Qed.

Lemma path_in g f : In g (guids f) -> path_to g f <> [].
Proof.
  induction f as [|o s below IHb rest IHr]; [intros []|].
  cbn [guids path_to].
  intros H.
  destruct (o =? g) eqn:E; [discriminate|].
  apply N.eqb_neq in E.
  destruct H as [H|H]; [contradiction|].
  apply in_app_iff in H.
  destruct (path_to g below) eqn:P; [|discriminate].
  destruct H as [H|H]; [contradiction (IHb H eq_refl)|auto].
Qed.

Lemma not_on_path g l f : ~ In g (guids f) -> existsb (N.eqb g) (path_to l f) = false.
Proof.
  intros H.
  apply not_true_iff_false.
  rewrite existsb_exists.
  intros (x & Hx & E).
  apply N.eqb_eq in E.
  subst x.
  apply H, (path_in_guids l f), Hx.
Qed.

(** An effect on a node touches the leaves below it, and no other leaf. *)
Lemma state_apply_at g x f : forall f', NoDup (guids f) -> apply_at g x f = Some f' ->
  forall l, In l (leaves f) ->
  state_at l f' = if existsb (N.eqb g) (path_to l f) then apply_bits (state_at l f) x else state_at l f.
Proof.
  induction f as [|o s below IHb rest IHr]; intros f' D E l Hl; cbn [apply_at] in E; [discriminate|].
  destruct (distinct_parts _ _ _ _ D) as (Db & Dr & Ob & Or & Apart).
  assert (Shapes : forall f f', shape f' = shape f -> guids f' = guids f).
  { intros a b S.
    rewrite <- (guids_shape a), <- (guids_shape b), S.
    reflexivity. }
  assert (Cases : (l = o /\ below = Nil) \/ In l (leaves below) \/ In l (leaves rest)).
  { destruct below; cbn [leaves] in Hl.
    - destruct Hl as [<-|Hl]; auto.
    - apply in_app_iff in Hl.
      tauto. }
  assert (InB : In l (leaves below) -> In l (guids below)) by apply leaves_in_guids.
  assert (InR : In l (leaves rest) -> In l (guids rest)) by apply leaves_in_guids.
  assert (NotTop : In l (leaves below) \/ In l (leaves rest) -> (o =? l) = false).
  { intros H.
    apply N.eqb_neq.
    intros ->.
    tauto. }
  destruct (o =? g) eqn:Eg.
  - apply N.eqb_eq in Eg.
    subst g.
    injection E as <-.
    destruct Cases as [[-> ->]|[H|H]].
    + rewrite !state_at_top.
      cbn [path_to].
      rewrite N.eqb_refl.
      cbn [existsb].
      rewrite N.eqb_refl.
      reflexivity.
    + rewrite (state_at_below l o s below rest) by auto.
      rewrite (state_at_below l o _ (apply_to_all x below) rest)
        by (rewrite (Shapes _ _ (shape_apply_to_all x below)); auto).
      rewrite state_apply_to_all by auto.
      cbn [path_to].
      rewrite NotTop by auto.
      destruct (path_to l below) eqn:P; [contradiction (path_in l below (InB H) P)|].
      cbn [existsb].
      rewrite N.eqb_refl.
      reflexivity.
    + assert (NB : ~ In l (guids below)) by (intros X; apply (Apart l X), InR, H).
      rewrite (state_at_rest l o s below rest) by auto.
      rewrite (state_at_rest l o _ (apply_to_all x below) rest)
        by (rewrite ?(Shapes _ _ (shape_apply_to_all x below)); auto).
      cbn [path_to].
      rewrite NotTop, (path_out l below NB), not_on_path by auto.
      reflexivity.
  - destruct (apply_at g x below) as [b'|] eqn:Eb.
    + injection E as <-.
      pose proof (Shapes _ _ (shape_apply_at _ _ _ _ Eb)) as Gb.
      assert (Gin : In g (guids below)).
      { destruct (in_dec N.eq_dec g (guids below)) as [I|I]; [exact I|].
        rewrite (apply_at_out g x below I) in Eb.
        discriminate. }
      destruct Cases as [[-> ->]|[H|H]]; [discriminate| |].
      * rewrite (state_at_below l o s below rest) by auto.
        rewrite (state_at_below l o _ b' rest) by (rewrite Gb; auto).
        rewrite (IHb b' Db eq_refl l H).
        cbn [path_to].
        rewrite NotTop by auto.
        destruct (path_to l below) eqn:P; [contradiction (path_in l below (InB H) P)|].
        cbn [existsb].
        rewrite (N.eqb_sym g o), Eg.
        reflexivity.
      * assert (NB : ~ In l (guids below)) by (intros X; apply (Apart l X), InR, H).
        rewrite (state_at_rest l o s below rest) by auto.
        rewrite (state_at_rest l o _ b' rest) by (rewrite ?Gb; auto).
        cbn [path_to].
        rewrite NotTop, (path_out l below NB), not_on_path by auto.
        reflexivity.
    + destruct (apply_at g x rest) as [r'|] eqn:Er; [|discriminate].
      injection E as <-.
      pose proof (Shapes _ _ (shape_apply_at _ _ _ _ Er)) as Gr.
      destruct Cases as [[-> ->]|[H|H]].
      * rewrite !state_at_top.
        cbn [path_to].
        rewrite N.eqb_refl.
        cbn [existsb].
        rewrite (N.eqb_sym g o), Eg.
        reflexivity.
      * assert (Gout : ~ In g (guids below)).
        { intros I.
          destruct (apply_at_in g x below I) as [b' X].
          congruence. }
        rewrite !state_at_below by auto.
        cbn [path_to].
        rewrite NotTop by auto.
        destruct (path_to l below) as [|y p] eqn:P; [contradiction (path_in l below (InB H) P)|].
        cbn [existsb].
        rewrite (N.eqb_sym g o), Eg.
        cbn [orb].
        change (existsb (N.eqb g) p) with (false || existsb (N.eqb g) p).
        pose proof (not_on_path g l below Gout) as No.
        rewrite P in No.
        cbn [existsb] in No.
        apply orb_false_iff in No.
        destruct No as [Ny Np].
        cbn [orb existsb].
        rewrite Ny, Np.
        reflexivity.
      * assert (NB : ~ In l (guids below)) by (intros X; apply (Apart l X), InR, H).
        rewrite (state_at_rest l o s below rest) by auto.
        rewrite (state_at_rest l o s below r') by (rewrite ?Gr; auto).
        rewrite (IHr r' Dr eq_refl l H).
        cbn [path_to].
        rewrite NotTop, (path_out l below NB) by auto.
        reflexivity.
Qed.

Lemma settled_state r f l : all_settled r f = true -> In l (guids f) -> is_settled r (state_at l f) = true.
Proof.
  intros S H.
  destruct (find_state_in l f H) as [s E].
  unfold state_at.
  rewrite E.
  revert S E.
  clear H.
  induction f as [|o s' below IHb rest IHr]; cbn [all_settled find_state]; [discriminate|].
  rewrite !andb_true_iff.
  intros [[A B] R].
  destruct (o =? l); [intros [= <-]; exact A|].
  destruct (find_state l below) as [s''|]; [|apply IHr, R].
  intros [= ->].
  apply IHb; auto.
Qed.
