(** A mask bit by bit, and the effects of a walk on one bit. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model.
Import ListNotations.
Local Open Scope N_scope.

(** * Masks, bit by bit *)
Definition bit := N.testbit.

Lemma union_bit a b i : bit (union a b) i = bit a i || bit b i.
Proof. apply N.lor_spec. Qed.

Lemma inter_bit a b i : bit (inter a b) i = bit a i && bit b i.
Proof. apply N.land_spec. Qed.

Lemma diff_bit a b i : bit (diff a b) i = bit a i && negb (bit b i).
Proof. apply N.ldiff_spec. Qed.

Lemma zero_bit i : bit 0 i = false.
Proof. apply N.bits_0. Qed.
#[export] Hint Rewrite union_bit inter_bit diff_bit zero_bit : bits.

Lemma mask_eq a b : (forall i, bit a i = bit b i) -> a = b.
Proof. intros H. apply N.bits_inj. exact H. Qed.

Lemma is_empty_spec m : is_empty m = true <-> forall i, bit m i = false.
Proof.
  unfold is_empty.
  rewrite N.eqb_eq.
  split; [intros ->; apply N.bits_0|].
  intros H.
  apply mask_eq.
  intros i.
  rewrite H, zero_bit.
  reflexivity.
Qed.

Lemma not_empty_spec m : is_empty m = false <-> exists i, bit m i = true.
Proof.
  split.
  - unfold is_empty.
    rewrite N.eqb_neq.
    intros H.
    exists (N.log2 m).
    apply N.bit_log2.
    exact H.
  - intros [i Hi].
    destruct (is_empty m) eqn:E; [|reflexivity].
    rewrite is_empty_spec in E.
    congruence.
Qed.

Lemma intersects_spec a b : intersects a b = true <-> exists i, bit a i = true /\ bit b i = true.
Proof.
  unfold intersects.
  rewrite negb_true_iff, not_empty_spec.
  split; intros [i H]; exists i; rewrite inter_bit, andb_true_iff in *; exact H.
Qed.

Lemma contains_spec a b : contains a b = true <-> forall i, bit b i = true -> bit a i = true.
Proof.
  unfold contains.
  rewrite N.eqb_eq.
  split.
  - intros H i Hi.
    rewrite <- H, inter_bit, andb_true_iff in Hi.
    tauto.
  - intros H.
    apply mask_eq.
    intros i.
    rewrite inter_bit.
    destruct (bit b i) eqn:E; [rewrite H by exact E; reflexivity | apply andb_false_r].
Qed.

(** * What effects do to one bit: the first that is about it settles it *)

(** The answer that an effect settles about its rights, if unknown facts turn out for the best, and if they do
    not. *)
Definition settles (hopeful : bool) (f : bit_state) : option bool :=
  match f with
  | Granted => Some true | Denied => Some false
  | MayBeGranted => if hopeful then Some true else None
  | MayBeDenied => if hopeful then None else Some false
  end.

Fixpoint run (hopeful : bool) (fs : list effect) (i : N) : bool :=
  match fs with
  | [] => false
  | (f, m) :: fs =>
    if bit m i
    then match settles hopeful f with Some b => b | None => run hopeful fs i end
    else run hopeful fs i
  end.

(** Granted whatever the unknown facts are, and granted for some values of them. *)
Notation sure := (run false).
Notation possible := (run true).

Definition opt {A} (x : option A) : list A := match x with Some a => [a] | None => [] end.

Lemma granted_after fs : forall l i, bit (granted (fold_left apply_bits fs l)) i =
  if bit (open l) i then negb (bit (may_denied l) i) && sure fs i
  else bit (may_granted l) i && negb (bit (may_denied l) i).
Proof.
  induction fs as [|[f m] fs IH]; intros l i; cbn [fold_left run].
  - unfold granted.
    autorewrite with bits.
    destruct (bit (open l) i), (bit (may_granted l) i), (bit (may_denied l) i); reflexivity.
  - rewrite IH.
    destruct f; cbn; autorewrite with bits; destruct (bit m i), (bit (open l) i), (bit (may_granted l)
      i), (bit (may_denied l) i), (sure fs i); reflexivity.
Qed.

Lemma may_granted_after fs : forall l i,
  bit (may_granted (fold_left apply_bits fs l)) i =
  bit (may_granted l) i || (bit (open l) i && possible fs i).
Proof.
  induction fs as [|[f m] fs IH]; intros l i; cbn [fold_left run]; [rewrite andb_false_r, orb_false_r;
    reflexivity|].
  rewrite IH.
  destruct f; cbn; autorewrite with bits; destruct (bit m i), (bit (open l) i), (bit (may_granted l) i),
    (possible fs i); reflexivity.
Qed.

Corollary granted_bits fs w i : bit (granted (fold_left apply_bits fs (start w))) i = bit w i && sure fs i.
Proof. rewrite granted_after. cbn. destruct (bit w i); reflexivity. Qed.

Corollary possible_bits fs w i :
  bit (may_granted (fold_left apply_bits fs (start w))) i = bit w i && possible fs i.
Proof. rewrite may_granted_after. reflexivity. Qed.

Lemma sure_possible fs i : sure fs i = true -> possible fs i = true.
Proof.
  induction fs as [|[[] m] fs IH]; cbn; try discriminate; destruct (bit m i); auto; discriminate.
Qed.

(** One way for the uncertain effects of a list to turn out: each takes place or does not. *)
Inductive resolves : list effect -> list effect -> Prop :=
  | r_nil : resolves [] []
  | r_keep f m fs fs' : (f = Granted \/ f = Denied) -> resolves fs fs' ->
      resolves ((f, m) :: fs) ((f, m) :: fs')
  | r_grant m fs fs' : resolves fs fs' -> resolves ((MayBeGranted, m) :: fs) ((Granted, m) :: fs')
  | r_deny m fs fs' : resolves fs fs' -> resolves ((MayBeDenied, m) :: fs) ((Denied, m) :: fs')
  | r_drop f m fs fs' : (f = MayBeGranted \/ f = MayBeDenied) -> resolves fs fs' ->
      resolves ((f, m) :: fs) fs'.

Lemma resolves_within fs fs' i : resolves fs fs' ->
  (sure fs i = true -> sure fs' i = true) /\ (sure fs' i = true -> possible fs i = true).
Proof.
  induction 1 as [|f m fs fs' [-> | ->] _ IH|m fs fs' _ IH|m fs fs' _ IH|f m fs fs' [-> | ->] _ IH]; cbn;
    try match goal with |- context [bit ?m i] => destruct (bit m i) end; intuition discriminate.
Qed.

(** The best and the worst way for the uncertain effects. *)
Fixpoint extreme (hopeful : bool) (fs : list effect) : list effect :=
  match fs with
  | [] => []
  | (MayBeGranted, m) :: fs => if hopeful then (Granted, m) :: extreme hopeful fs else extreme hopeful fs
  | (MayBeDenied, m) :: fs => if hopeful then extreme hopeful fs else (Denied, m) :: extreme hopeful fs
  | x :: fs => x :: extreme hopeful fs
  end.

Lemma extreme_resolves hopeful fs : resolves fs (extreme hopeful fs).
Proof.
  induction fs as [|[[] m] fs IH]; cbn; try destruct hopeful; constructor; auto.
Qed.

Lemma extreme_run hopeful fs i : sure (extreme hopeful fs) i = run hopeful fs i.
Proof.
  induction fs as [|[[] m] fs IH]; cbn; try destruct hopeful; cbn; rewrite ?IH; try destruct (bit m i);
    reflexivity.
Qed.

(** A right is certainly granted if and only if it is granted however the uncertain effects turn out. *)
Theorem sure_is_every_way fs i : sure fs i = true <-> forall fs', resolves fs fs' -> sure fs' i = true.
Proof.
  split; [intros H fs' R; apply (resolves_within fs fs' i R), H|].
  intros H.
  rewrite <- (extreme_run false).
  apply H, extreme_resolves.
Qed.

(** A right is possibly granted if and only if it is granted for some way that they turn out. *)
Theorem possible_is_some_way fs i : possible fs i = true <-> exists fs', resolves fs fs' /\ sure fs' i = true.
Proof.
  split; [|intros (fs' & R & H); apply (resolves_within fs fs' i R), H].
  intros H.
  exists (extreme true fs).
  rewrite extreme_run.
  split; [apply extreme_resolves|exact H].
Qed.
