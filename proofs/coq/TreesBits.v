(** One bit of the states of an object tree: each node has the worst state of those directly below it. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Trees.
Import ListNotations.
Local Open Scope N_scope.

(** * One bit of a state, for a reader who hopes for the best of what is unknown, and for one who does not *)

Inductive view := IsDenied | IsOpen | IsGranted.

Definition view_of (hopeful : bool) (s : access_state) (i : N) : view :=
  let first := if hopeful then bit (may_granted s) i else bit (may_denied s) i in
  let last := if hopeful then false else bit (may_granted s) i in
  if first then if hopeful then IsGranted else IsDenied
  else if bit (open s) i then IsOpen
  else if last then IsGranted else IsDenied.

Lemma view_certain s i : view_of false s i = IsGranted <-> bit (granted s) i = true.
Proof.
  unfold view_of, granted.
  autorewrite with bits.
  destruct (bit (may_denied s) i), (bit (open s) i), (bit (may_granted s) i); cbn; intuition discriminate.
Qed.

Lemma view_possible s i : view_of true s i = IsGranted <-> bit (may_granted s) i = true.
Proof.
  unfold view_of.
  destruct (bit (may_granted s) i), (bit (open s) i); cbn; intuition discriminate.
Qed.

(** A state knows of just the wanted bits. *)
Definition is_of (wanted : mask) (s : access_state) : Prop :=
  forall i, bit (open s) i || bit (may_granted s) i || bit (may_denied s) i = bit wanted i.

Lemma start_is_of wanted : is_of wanted (start wanted).
Proof.
  intros i.
  cbn.
  autorewrite with bits.
  rewrite !orb_false_r.
  reflexivity.
Qed.

Lemma apply_is_of wanted s x : is_of wanted s -> is_of wanted (apply_bits s x).
Proof.
  intros H i.
  specialize (H i).
  rewrite <- H.
  destruct x as [f m].
  unfold apply_bits.
  destruct f; cbn; autorewrite with bits; destruct (bit (open s) i), (bit (may_granted s) i),
    (bit (may_denied s) i), (bit m i); reflexivity.
Qed.

(** An effect changes an open bit alone. *)
Definition moves (hopeful : bool) (x : effect) (i : N) (v : view) : view :=
  match v with
  | IsOpen =>
    if bit (snd x) i
    then
      match settles hopeful (fst x) with
      | Some true => IsGranted
      | Some false => IsDenied
      | None => IsOpen
      end
    else IsOpen
  | _ => v
  end.

Lemma view_apply hopeful s x i : view_of hopeful (apply_bits s x) i = moves hopeful x i (view_of hopeful s i).
Proof.
  destruct x as [f m].
  unfold view_of, apply_bits, moves.
  destruct f, hopeful; cbn; autorewrite with bits; destruct (bit (open s) i), (bit (may_granted s) i),
    (bit (may_denied s) i), (bit m i); reflexivity.
Qed.

(** * The worst of several views *)

Definition worse (v w : view) : view :=
  match v, w with
  | IsDenied, _ | _, IsDenied => IsDenied
  | IsOpen, _ | _, IsOpen => IsOpen
  | IsGranted, IsGranted => IsGranted
  end.

Lemma moves_worse hopeful x i v w :
  moves hopeful x i (worse v w) = worse (moves hopeful x i v) (moves hopeful x i w).
Proof.
  unfold moves.
  destruct v, w; cbn; try reflexivity; destruct (bit (snd x) i); try reflexivity;
    destruct (settles hopeful (fst x)) as [[]|]; reflexivity.
Qed.

Lemma worse_granted v w : worse v w = IsGranted <-> v = IsGranted /\ w = IsGranted.
Proof. destruct v, w; cbn; intuition discriminate. Qed.

(** The worst view of nodes side by side. *)
Fixpoint worst (hopeful : bool) (f : forest) (i : N) : view :=
  match f with
  | Nil => IsGranted
  | Node _ s _ rest => worse (view_of hopeful s i) (worst hopeful rest i)
  end.

(** All states of a forest know of just the wanted bits. *)
Fixpoint all_of (wanted : mask) (f : forest) : Prop :=
  match f with
  | Nil => True
  | Node _ s below rest => is_of wanted s /\ all_of wanted below /\ all_of wanted rest
  end.

(** * A node that takes over what follows from those below it *)

Lemma worst_denied hopeful rights wanted f i : bit wanted i = true -> all_of wanted f ->
  (forall s, is_of wanted s -> view_of hopeful s i = IsDenied <-> bit (rights s) i = true) ->
  (worst hopeful f i = IsDenied <-> bit (in_some rights f) i = true).
Proof.
  intros W All H.
  induction f as [|o s below _ rest IH]; cbn [worst in_some].
  - rewrite zero_bit.
    split; discriminate.
  - destruct All as (S & _ & All).
    rewrite union_bit, orb_true_iff, <- (IH All), <- (H s S).
    destruct (view_of hopeful s i), (worst hopeful rest i); cbn; intuition discriminate.
Qed.

Lemma worst_granted hopeful rights f i : f <> Nil ->
  (forall s, view_of hopeful s i = IsGranted <-> bit (rights s) i = true) ->
  (worst hopeful f i = IsGranted <-> bit (in_each rights f) i = true).
Proof.
  intros N H.
  induction f as [|o s below _ rest IH]; [contradiction|].
  destruct rest as [|o' s' below' rest]; cbn [worst in_each].
  - rewrite <- H.
    destruct (view_of hopeful s i); cbn; intuition discriminate.
  - rewrite inter_bit, andb_true_iff, <- H.
    rewrite <- IH by discriminate.
    apply worse_granted.
Qed.

Lemma in_some_within rights rights' f i : (forall s, bit (rights s) i = true -> bit (rights' s) i = true) ->
  bit (in_some rights f) i = true -> bit (in_some rights' f) i = true.
Proof.
  intros H.
  induction f as [|o s below _ rest IH]; cbn [in_some]; [exact (fun B => B)|].
  rewrite !union_bit, !orb_true_iff.
  intuition.
Qed.

(** A node that is open takes over the worst view of the nodes directly below it. Other views stay. *)
Lemma view_take_over hopeful wanted s below i : is_of wanted s -> all_of wanted below -> below <> Nil ->
  view_of hopeful (take_over s below) i =
  match view_of hopeful s i with IsOpen => worst hopeful below i | v => v end.
Proof.
  intros S All N.
  unfold take_over.
  cbn [fold_left].
  rewrite !view_apply.
  destruct (view_of hopeful s i) eqn:V; try reflexivity.
  assert (W : bit wanted i = true).
  { rewrite <- (S i).
    unfold view_of in V.
    destruct (bit (open s) i); [reflexivity|].
    destruct hopeful, (bit (may_granted s) i), (bit (may_denied s) i); discriminate. }
  assert (D : forall s, is_of wanted s -> view_of false s i = IsDenied <-> bit (may_denied s) i = true).
  { intros s' S'.
    specialize (S' i).
    rewrite W in S'.
    unfold view_of.
    destruct (bit (may_denied s') i), (bit (open s') i), (bit (may_granted s') i); cbn in *;
      intuition discriminate. }
  assert (D' : forall s, is_of wanted s -> view_of true s i = IsDenied <-> bit (denied s) i = true).
  { intros s' S'.
    specialize (S' i).
    rewrite W in S'.
    unfold view_of, denied.
    autorewrite with bits.
    destruct (bit (may_denied s') i), (bit (open s') i), (bit (may_granted s') i); cbn in *;
      intuition discriminate. }
  pose proof (worst_granted false granted below i N (fun s => view_certain s i)) as G.
  pose proof (worst_granted true may_granted below i N (fun s => view_possible s i)) as P.
  pose proof (worst_denied false may_denied wanted below i W All D) as MD.
  pose proof (worst_denied true denied wanted below i W All D') as CD.
  assert (Sub : bit (in_some denied below) i = true -> bit (in_some may_denied below) i = true).
  { apply in_some_within.
    intros s'.
    unfold denied.
    autorewrite with bits.
    rewrite !andb_true_iff.
    tauto. }
  assert (Sub' : bit (in_each granted below) i = true -> bit (in_each may_granted below) i = true).
  { rewrite <- G, <- P.
    clear - N.
    intros H.
    induction below as [|o s' below _ rest IH]; [contradiction|].
    cbn [worst] in *.
    apply worse_granted in H.
    apply worse_granted.
    destruct H as [H H'].
    split.
    - apply view_possible, granted_may, view_certain, H.
    - destruct rest; [reflexivity|].
      apply IH; [discriminate|exact H']. }
  unfold moves.
  cbn [fst snd settles].
  destruct hopeful.
  - destruct (bit (in_some denied below) i); [symmetry; apply CD; reflexivity|].
    destruct (bit (in_some may_denied below) i), (bit (in_each granted below) i);
      try (symmetry; apply P, Sub'; reflexivity);
      destruct (bit (in_each may_granted below) i); try (symmetry; apply P; reflexivity);
      destruct (worst true below i); try reflexivity;
      first [destruct CD as [CD _]; discriminate CD; reflexivity
            | destruct P as [P _]; discriminate P; reflexivity].
  - destruct (bit (in_some denied below) i); [symmetry; apply MD, Sub; reflexivity|].
    destruct (bit (in_some may_denied below) i); [symmetry; apply MD; reflexivity|].
    destruct (bit (in_each granted below) i); [symmetry; apply G; reflexivity|].
    destruct (bit (in_each may_granted below) i), (worst false below i); try reflexivity;
      first [destruct MD as [MD _]; discriminate MD; reflexivity
            | destruct G as [G _]; discriminate G; reflexivity].
Qed.

(** * Each node has the worst view of those directly below it *)

Fixpoint consistent (hopeful : bool) (i : N) (f : forest) : Prop :=
  match f with
  | Nil => True
  | Node _ s below rest =>
    (below = Nil \/ view_of hopeful s i = worst hopeful below i) /\
    consistent hopeful i below /\ consistent hopeful i rest
  end.

Lemma apply_to_all_of wanted x f : all_of wanted f -> all_of wanted (apply_to_all x f).
Proof.
  induction f as [|o s below IHb rest IHr]; [exact (fun H => H)|].
  intros (S & B & R).
  cbn.
  auto using apply_is_of.
Qed.

Lemma take_over_of wanted s below : is_of wanted s -> is_of wanted (take_over s below).
Proof.
  intros S.
  unfold take_over.
  cbn [fold_left].
  repeat apply apply_is_of.
  exact S.
Qed.

Lemma apply_at_of wanted g x f : forall f', apply_at g x f = Some f' -> all_of wanted f -> all_of wanted f'.
Proof.
  induction f as [|o s below IHb rest IHr]; intros f' E All; cbn [apply_at] in E; [discriminate|].
  destruct All as (S & B & R).
  destruct (o =? g).
  - injection E as <-.
    cbn.
    auto using apply_is_of, apply_to_all_of.
  - destruct (apply_at g x below) as [b'|].
    + injection E as <-.
      split; [apply take_over_of, S|].
      split; [exact (IHb b' eq_refl B)|exact R].
    + destruct (apply_at g x rest) as [r'|]; [|discriminate].
      injection E as <-.
      split; [exact S|].
      split; [exact B|exact (IHr r' eq_refl R)].
Qed.

Lemma worst_apply_to_all hopeful x f i : f <> Nil ->
  worst hopeful (apply_to_all x f) i = moves hopeful x i (worst hopeful f i).
Proof.
  intros _.
  induction f as [|o s below _ rest IH]; [reflexivity|].
  cbn [apply_to_all worst].
  rewrite view_apply, IH, moves_worse.
  reflexivity.
Qed.

Lemma apply_to_all_consistent hopeful i x f :
  consistent hopeful i f -> consistent hopeful i (apply_to_all x f).
Proof.
  induction f as [|o s below IHb rest IHr]; [exact (fun H => H)|].
  intros (V & B & R).
  cbn [apply_to_all consistent].
  repeat split; auto.
  destruct below as [|o' s' b' r']; [left; reflexivity|].
  destruct V as [V|V]; [discriminate|].
  right.
  rewrite view_apply, V, worst_apply_to_all by discriminate.
  reflexivity.
Qed.

Lemma apply_at_not_nil g x f f' : apply_at g x f = Some f' -> f <> Nil /\ f' <> Nil.
Proof.
  destruct f as [|o s below rest]; cbn [apply_at]; [discriminate|].
  destruct (o =? g); [intros [= <-]; split; discriminate|].
  destruct (apply_at g x below); [intros [= <-]; split; discriminate|].
  destruct (apply_at g x rest); [|discriminate].
  intros [= <-].
  split; discriminate.
Qed.

(** A view that is settled stays. *)
Lemma worst_stays hopeful wanted i g x f : forall f', apply_at g x f = Some f' -> all_of wanted f ->
  worst hopeful f i <> IsOpen -> worst hopeful f' i = worst hopeful f i.
Proof.
  induction f as [|o s below _ rest IH]; intros f' E All Settled; cbn [apply_at] in E;
    [discriminate|].
  destruct All as (S & B & R).
  assert (One : forall s', (view_of hopeful s i <> IsOpen -> view_of hopeful s' i = view_of hopeful s i) ->
    worse (view_of hopeful s' i) (worst hopeful rest i) = worse (view_of hopeful s i) (worst hopeful rest i)).
  { intros s' H.
    cbn [worst] in Settled.
    destruct (view_of hopeful s i) eqn:V; try (rewrite H by discriminate; reflexivity).
    destruct (worst hopeful rest i); cbn in Settled; try contradiction.
    destruct (view_of hopeful s' i); reflexivity. }
  destruct (o =? g).
  - injection E as <-.
    apply One.
    intros V.
    rewrite view_apply.
    destruct (view_of hopeful s i); try reflexivity.
    contradiction.
  - destruct (apply_at g x below) as [b'|] eqn:Eb.
    + injection E as <-.
      apply One.
      intros V.
      rewrite (view_take_over hopeful wanted); try assumption.
      * destruct (view_of hopeful s i); try reflexivity.
        contradiction.
      * apply (apply_at_of wanted _ _ _ _ Eb B).
      * apply (apply_at_not_nil _ _ _ _ Eb).
    + destruct (apply_at g x rest) as [r'|] eqn:Er; [|discriminate].
      injection E as <-.
      cbn [worst] in *.
      specialize (IH r' eq_refl R).
      destruct (worst hopeful rest i) eqn:Wr; try (rewrite IH by discriminate; reflexivity).
      destruct (view_of hopeful s i); cbn in *; try contradiction.
      reflexivity.
Qed.

Lemma apply_at_consistent hopeful wanted i g x f : forall f', apply_at g x f = Some f' -> all_of wanted f ->
  consistent hopeful i f -> consistent hopeful i f'.
Proof.
  induction f as [|o s below IHb rest IHr]; intros f' E All Con; cbn [apply_at] in E;
    [discriminate|].
  destruct All as (S & B & R), Con as (V & Cb & Cr).
  destruct (o =? g).
  - injection E as <-.
    pose proof (apply_to_all_consistent hopeful i x (Node o s below Nil)) as A.
    cbn [apply_to_all consistent] in *.
    tauto.
  - destruct (apply_at g x below) as [b'|] eqn:Eb.
    + injection E as <-.
      destruct (apply_at_not_nil _ _ _ _ Eb) as [Nb Nb'].
      destruct V as [V|V]; [contradiction|].
      cbn [consistent].
      split; [right|split; [exact (IHb b' eq_refl B Cb)|exact Cr]].
      rewrite (view_take_over hopeful wanted); try assumption.
      * destruct (view_of hopeful s i) eqn:Vs; try reflexivity; rewrite V; symmetry;
          apply (worst_stays hopeful wanted i g x below b' Eb B); rewrite <- V; discriminate.
      * apply (apply_at_of wanted _ _ _ _ Eb B).
    + destruct (apply_at g x rest) as [r'|] eqn:Er; [|discriminate].
      injection E as <-.
      cbn [consistent].
      split; [exact V|].
      split; [exact Cb|exact (IHr r' eq_refl R Cr)].
Qed.
