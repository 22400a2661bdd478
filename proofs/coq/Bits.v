(** What a ledger says of each bit, and that a walk that ends early answers as one that does not. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model.
Import ListNotations.
Local Open Scope N_scope.

(** * Masks, bit by bit *)
Definition bit := N.testbit.

Lemma union_bit a b i : bit (union a b) i = bit a i || bit b i. Proof. apply N.lor_spec. Qed.

Lemma inter_bit a b i : bit (inter a b) i = bit a i && bit b i. Proof. apply N.land_spec. Qed.

Lemma diff_bit a b i : bit (diff a b) i = bit a i && negb (bit b i). Proof. apply N.ldiff_spec. Qed.

Lemma zero_bit i : bit 0 i = false. Proof. apply N.bits_0. Qed.
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

(** What a fate settles, for one who hopes for the best of what is not known, and for one who does not. *)
Definition settles (hopeful : bool) (f : fate) : option bool :=
  match f with
  | Granted => Some true | Denied => Some false
  | MayBeGranted => if hopeful then Some true else None
  | MayBeDenied => if hopeful then None else Some false
  end.

Fixpoint run (hopeful : bool) (fs : list effect) (i : N) : bool :=
  match fs with
  | [] => false
  | (f, m) :: fs =>
    if bit m i then match settles hopeful f with Some b => b | None => run hopeful fs i end else run hopeful fs i
  end.

Notation sure := (run false).     (* granted whatever the unknown facts are *)
Notation possible := (run true).  (* granted for some values of them *)
Lemma granted_after fs : forall l i, bit (granted_in (fold_left write fs l)) i =
  if bit (l_open l) i then negb (bit (l_may_denied l) i) && sure fs i
  else bit (l_may_granted l) i && negb (bit (l_may_denied l) i).
Proof.
  induction fs as [|[f m] fs IH]; intros l i; cbn [fold_left run].
  - unfold granted_in.
    autorewrite with bits.
    destruct (bit (l_open l) i), (bit (l_may_granted l) i), (bit (l_may_denied l) i); reflexivity.
  - rewrite IH.
    destruct f; cbn; autorewrite with bits; destruct (bit m i), (bit (l_open l) i), (bit (l_may_granted l)
      i), (bit (l_may_denied l) i), (sure fs i); reflexivity.
Qed.

Lemma may_granted_after fs : forall l i,
  bit (l_may_granted (fold_left write fs l)) i = bit (l_may_granted l) i || (bit (l_open l) i && possible fs i).
Proof.
  induction fs as [|[f m] fs IH]; intros l i; cbn [fold_left run]; [rewrite andb_false_r, orb_false_r;
    reflexivity|].
  rewrite IH.
  destruct f; cbn; autorewrite with bits; destruct (bit m i), (bit (l_open l) i), (bit (l_may_granted l) i),
    (possible fs i); reflexivity.
Qed.

Corollary granted_bits fs w i : bit (granted_in (fold_left write fs (start w))) i = bit w i && sure fs i.
Proof. rewrite granted_after. cbn. destruct (bit w i); reflexivity. Qed.

Corollary possible_bits fs w i : bit (l_may_granted (fold_left write fs (start w))) i = bit w i && possible fs i.
Proof. rewrite may_granted_after. reflexivity. Qed.

Lemma sure_possible fs i : sure fs i = true -> possible fs i = true.
Proof.
  induction fs as [|[[] m] fs IH]; cbn; try discriminate; destruct (bit m i); auto; discriminate.
Qed.

(** The ledger is exact: a bit is sure if it is granted however the doubtful effects turn out, possible if for some way. *)
Inductive resolves : list effect -> list effect -> Prop :=
  | r_nil : resolves [] []
  | r_keep f m fs fs' : (f = Granted \/ f = Denied) -> resolves fs fs' -> resolves ((f, m) :: fs) ((f, m) :: fs')
  | r_grant m fs fs' : resolves fs fs' -> resolves ((MayBeGranted, m) :: fs) ((Granted, m) :: fs')
  | r_deny m fs fs' : resolves fs fs' -> resolves ((MayBeDenied, m) :: fs) ((Denied, m) :: fs')
  | r_drop f m fs fs' : (f = MayBeGranted \/ f = MayBeDenied) -> resolves fs fs' -> resolves ((f, m) :: fs) fs'.

Lemma resolves_within fs fs' i : resolves fs fs' ->
  (sure fs i = true -> sure fs' i = true) /\ (sure fs' i = true -> possible fs i = true).
Proof.
  induction 1 as [|f m fs fs' [-> | ->] _ IH|m fs fs' _ IH|m fs fs' _ IH|f m fs fs' [-> | ->] _ IH]; cbn;
    try match goal with |- context [bit ?m i] => destruct (bit m i) end; intuition discriminate.
Qed.

(** The way that settles as one who hopes, or does not. *)
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

Theorem sure_is_every_way fs i : sure fs i = true <-> forall fs', resolves fs fs' -> sure fs' i = true.
Proof.
  split; [intros H fs' R; apply (resolves_within fs fs' i R), H|].
  intros H.
  rewrite <- (extreme_run false).
  apply H, extreme_resolves.
Qed.

Theorem possible_is_some_way fs i : possible fs i = true <-> exists fs', resolves fs fs' /\ sure fs' i = true.
Proof.
  split; [|intros (fs' & R & H); apply (resolves_within fs fs' i R), H].
  intros H.
  exists (extreme true fs).
  rewrite extreme_run.
  split; [apply extreme_resolves|exact H].
Qed.

(** * The walk that ends early *)
Lemma write_closed rest : forall l, l_open l = 0 -> fold_left write rest l = l.
Proof.
  induction rest as [|[f m] rest IH]; intros l H; [reflexivity|].
  cbn [fold_left].
  assert (E : write l (f, m) = l).
  { destruct l as [o g d].
    cbn in H.
    subst o.
    unfold write.
    cbn.
    destruct f; f_equal; apply mask_eq; intros i; autorewrite with bits; rewrite ?andb_false_l, ?orb_false_r;
      reflexivity. }
  rewrite E.
  apply IH, H.
Qed.

Definition lost (r : request) (l : ledger) : Prop :=
  exists i, bit (explicit r) i = true /\ bit (l_open l) i = false /\ bit (l_may_granted l) i = false.

Lemma is_lost_lost r l : is_lost r l = true -> lost r l.
Proof.
  unfold is_lost.
  rewrite intersects_spec.
  intros (i & H & E).
  autorewrite with bits in H.
  rewrite !andb_true_iff, !negb_true_iff in H.
  exists i.
  tauto.
Qed.

Lemma lost_stays r rest : forall l, lost r l -> lost r (fold_left write rest l).
Proof.
  induction rest as [|[f m] rest IH]; intros l H; [exact H|].
  apply IH.
  destruct H as (i & E & O & G).
  exists i.
  split; [exact E|].
  destruct f; cbn; autorewrite with bits; rewrite ?O, ?G; split; reflexivity.
Qed.

Definition opt {A} (x : option A) : list A := match x with Some a => [a] | None => [] end.

(** Two ledgers that give one answer: they are equal, or something asked for is lost in both. *)
Definition alike (r : request) (l l' : ledger) : Prop := l = l' \/ (lost r l /\ lost r l').

(** Two answers that are one, but for how far the walk went after a refusal. *)
Definition same_answer (a b : decision) : Prop :=
  match a, b with
  | Allow g, Allow g' => g = g'
  | Refuse _ _ why, Refuse _ _ why' => why = why'
  | _, _ => False
  end.

Definition granted_of (d : decision) : mask := match d with Allow g => g | Refuse _ _ _ => 0 end.

Definition allowed (d : decision) : bool := match d with Allow _ => true | Refuse _ _ _ => false end.

Definition why (d : decision) : option reason := match d with Allow _ => None | Refuse _ _ w => Some w end.

Lemma satisfies_spec r m : satisfies r m = true <->
  (forall i, bit (explicit r) i = true -> bit m i = true) /\ exists i, bit m i = true.
Proof.
  unfold satisfies.
  rewrite andb_true_iff, negb_true_iff, contains_spec, not_empty_spec.
  reflexivity.
Qed.

Lemma lost_refuses r G P : (exists i, bit (explicit r) i = true /\ bit P i = false) ->
  (forall i, bit G i = true -> bit P i = true) -> exists g m, decide r G P = Refuse g m NotGranted.
Proof.
  intros (i & E & N) Sub.
  unfold decide.
  destruct (satisfies r G) eqn:SG; [apply satisfies_spec in SG; destruct SG as [SG _];
    rewrite (Sub i (SG i E)) in N; discriminate|].
  destruct (satisfies r P) eqn:SP; [apply satisfies_spec in SP; destruct SP as [SP _]; rewrite SP in N;
    congruence|eauto].
Qed.

Lemma two_refusals r G P G' P' :
  (exists i, bit (explicit r) i = true /\ bit P i = false) -> (forall i, bit G i = true -> bit P i = true) ->
  (exists i, bit (explicit r) i = true /\ bit P' i = false) -> (forall i, bit G' i = true -> bit P' i = true) ->
  same_answer (decide r G P) (decide r G' P').
Proof.
  intros.
  destruct (lost_refuses r G P) as (? & ? & ->); auto.
  destruct (lost_refuses r G' P') as (? & ? & ->); auto.
  reflexivity.
Qed.

Lemma granted_may l i : bit (granted_in l) i = true -> bit (l_may_granted l) i = true.
Proof.
  unfold granted_in.
  autorewrite with bits.
  rewrite !andb_true_iff.
  tauto.
Qed.

Section Walk.
Context {condition : Type} (q : question condition).

Definition effects (member : sid -> membership) (es : list (ace condition)) : list effect :=
  flat_map (fun e => opt (entry_effect q member e)) es.

Lemma entries_alike member es : forall l, alike (req q) (entries q member es l) (fold_left write (effects member es) l).
Proof.
  induction es as [|e es IH]; intros l; cbn [entries effects flat_map]; [left; reflexivity|].
  destruct (is_settled (req q) l) eqn:S.
  - unfold is_settled in S.
    rewrite andb_true_iff, orb_true_iff in S.
    destruct S as [_ [S|S]].
    + left.
      rewrite write_closed; [reflexivity|].
      apply N.eqb_eq.
      exact S.
    + right.
      apply is_lost_lost in S.
      split; [exact S|].
      apply lost_stays, S.
  - rewrite fold_left_app.
    destruct (entry_effect q member e) as [x|]; cbn; apply IH.
Qed.

Definition pass_effects (member : sid -> membership) : list effect :=
  match dacl (q_descriptor q) with
  | None => [(Granted, unprotected q)]
  | Some es => opt (owner_effect q member es) ++ effects member es
  end.

Lemma pass_alike member l : alike (req q) (pass q member l) (fold_left write (pass_effects member) l).
Proof.
  unfold pass, pass_effects.
  destruct (dacl (q_descriptor q)) as [es|]; [|left; reflexivity].
  rewrite fold_left_app.
  destruct (owner_effect q member es); apply entries_alike.
Qed.

(** All that is written in each pass. *)
Definition passes : list (list effect) :=
  (before q ++ pass_effects (membership_of (q_caller q))) ::
  match restriction (q_caller q) with
  | None => []
  | Some _ => [before q ++ (Granted, exempt q) :: pass_effects (restricting_membership (q_caller q))]
  end.

Definition in_all (hopeful : bool) (i : N) : bool :=
  bit (wanted (req q)) i && forallb (fun fs => run hopeful fs i) passes.

(** The answer is that of the two sets of bits that are sure and possible: where the walk ended is no part of it. *)
Theorem check_is : gate q = None -> exists G P,
  (forall i, bit G i = in_all false i) /\ (forall i, bit P i = in_all true i) /\ same_answer (check q) (decide (req q) G P).
Proof.
  intros Gate.
  unfold check, in_all, passes.
  rewrite Gate.
  cbv zeta.
  set (l := fold_left write (before q) (start (wanted (req q)))).
  assert (Same : forall a, same_answer a a) by (intros []; reflexivity).
  destruct (restriction (q_caller q)).
  - set (l2 := write l (Granted, exempt q)).
    set (F := fold_left write (before q ++ pass_effects (membership_of (q_caller q))) (start (wanted (req
      q)))).
    set (S := fold_left write (before q ++ (Granted, exempt q) :: pass_effects (restricting_membership
      (q_caller q))) (start (wanted (req q)))).
    exists (inter (granted_in S) (granted_in F)), (inter (l_may_granted S) (l_may_granted F)).
    split; [|split].
    + intros i.
      unfold F, S.
      rewrite inter_bit, !granted_bits.
      cbn [forallb].
      destruct (bit (wanted (req q)) i); cbn [andb]; rewrite ?andb_true_r; [apply andb_comm|reflexivity].
    + intros i.
      unfold F, S.
      rewrite inter_bit, !possible_bits.
      cbn [forallb].
      destruct (bit (wanted (req q)) i); cbn [andb]; rewrite ?andb_true_r; [apply andb_comm|reflexivity].
    + pose proof (pass_alike (membership_of (q_caller q)) l) as A1.
      pose proof (pass_alike (restricting_membership (q_caller q)) l2) as A2.
      assert (HF : fold_left write (pass_effects (membership_of (q_caller q))) l = F) by (unfold F, l;
        rewrite fold_left_app; reflexivity).
      assert (HS : fold_left write (pass_effects (restricting_membership (q_caller q))) l2 = S) by (unfold S,
        l2, l; rewrite fold_left_app; reflexivity).
      rewrite HF in A1.
      rewrite HS in A2.
      assert (Sub : forall a b i, bit (inter (granted_in a) (granted_in b)) i = true -> bit (inter
        (l_may_granted a) (l_may_granted b)) i = true).
      { intros a b i.
        rewrite !inter_bit, !andb_true_iff.
        intros [? ?].
        split; apply granted_may; assumption. }
      assert (L : forall a b, lost (req q) a \/ lost (req q) b -> exists i, bit (explicit (req q)) i = true
        /\ bit (inter (l_may_granted a) (l_may_granted b)) i = false).
      { intros a b [(i & E & _ & N)|(i & E & _ & N)]; exists i; rewrite inter_bit, N, ?andb_false_r; auto. }
      destruct A1 as [A1|[A1 B1]]; [destruct A2 as [A2|[A2 B2]]; [|apply two_refusals;
        auto]|apply two_refusals; auto].
      rewrite A1, A2.
      apply Same.
  - pose proof (pass_alike (membership_of (q_caller q)) l) as A.
    unfold l in A.
    rewrite <- fold_left_app in A.
    eexists _, _.
    split; [|split]; [intros i; cbn [forallb]; rewrite andb_true_r, <- granted_bits; reflexivity| intros i;
      cbn [forallb]; rewrite andb_true_r, <- possible_bits; reflexivity|].
    destruct A as [A|[(i & E & _ & N) (j & E' & _ & N')]]; [unfold l; rewrite A; apply Same|].
    apply two_refusals; eauto using granted_may.
Qed.

Theorem allowed_iff : allowed (check q) = true <->
  gate q = None /\ (forall i, bit (explicit (req q)) i = true -> in_all false i = true) /\ exists i, in_all false i = true.
Proof.
  destruct (gate q) as [w|] eqn:Gate.
  - unfold check.
    rewrite Gate.
    cbn.
    split; [discriminate|].
    intros [H _].
    discriminate.
  - destruct (check_is Gate) as (G & P & HG & HP & Same).
    assert (E : allowed (check q) = satisfies (req q) G).
    { unfold decide in Same.
      destruct (satisfies (req q) G), (check q); cbn in *; tauto. }
    rewrite E, satisfies_spec.
    setoid_rewrite HG.
    tauto.
Qed.

Theorem granted_iff i : bit (granted_of (check q)) i = true <-> allowed (check q) = true /\ in_all false i = true.
Proof.
  destruct (gate q) as [w|] eqn:Gate.
  - unfold check.
    rewrite Gate.
    cbn.
    split; [discriminate|].
    intros [H _].
    discriminate.
  - destruct (check_is Gate) as (G & P & HG & HP & Same).
    unfold decide in Same.
    rewrite <- HG.
    destruct (satisfies (req q) G), (check q); cbn in *; try tauto; [subst; tauto|].
    split; [discriminate|].
    intros [H _].
    discriminate.
Qed.

Theorem undetermined_iff : why (check q) = Some Undetermined <-> gate q = None /\ allowed (check q) = false /\
  (forall i, bit (explicit (req q)) i = true -> in_all true i = true) /\ exists i, in_all true i = true.
Proof.
  destruct (gate q) as [w|] eqn:Gate.
  - unfold check.
    rewrite Gate.
    cbn.
    split; [|intros [H _]; discriminate].
    intros [= ->].
    unfold gate in Gate.
    repeat match goal with H : context [if ?x then _ else _] |- _ => destruct x; try discriminate end.
  - destruct (check_is Gate) as (G & P & HG & HP & Same).
    unfold decide in Same.
    assert (S : satisfies (req q) P = true <-> (forall i, bit (explicit (req q)) i = true -> in_all true i =
      true) /\ exists i, in_all true i = true).
    { rewrite satisfies_spec.
      setoid_rewrite HP.
      reflexivity. }
    destruct (satisfies (req q) G), (check q); cbn in *; try contradiction; [split;
      [discriminate|intros (_ & H & _); discriminate]|].
    rewrite <- S.
    subst.
    destruct (satisfies (req q) P); split; try tauto; try discriminate.
    intros (_ & _ & H).
    discriminate.
Qed.
End Walk.
