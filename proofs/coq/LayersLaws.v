(** Laws of joined layers: each layer by itself must grant, and no layer adds a right. *)
From Coq Require Import NArith List Bool Permutation.
From Sddl Require Import Model Bits Walk Effects Layers.
Import ListNotations.
Local Open Scope N_scope.
#[local] Arguments complement : simpl never.
#[local] Arguments single_rights : simpl never.
#[local] Arguments each_right : simpl never.

(** * What a join says of each right *)

(** The answer of a layer to what it is asked for. *)
Definition answer_of (desired : mask) (l : layer) : decision := snd l (diff desired (fst l)).

(** The rights that a layer lets through for certain: those that it grants, and those that it is not asked
    for. *)
Definition granted_before (d : decision) : mask := match d with Allow g | Refuse g _ _ => g end.
Definition lets_through (desired : mask) (l : layer) : mask :=
  union (granted_before (answer_of desired l)) (fst l).

(** Whether a layer refuses for certain, and whether it is undetermined. *)
Definition refuses (desired : mask) (l : layer) : bool :=
  is_empty (diff desired (fst l)) ||
  match answer_of desired l with Allow _ | Refuse _ _ Undetermined => false | Refuse _ _ _ => true end.
Definition is_doubtful (desired : mask) (l : layer) : bool :=
  match answer_of desired l with Refuse _ _ Undetermined => true | _ => false end.

Section Laws.
Variable r : request.
Variable desired : mask.

(** Joins a layer that does not refuse for certain. *)
Definition joins (l : layer) (j : join) : join :=
  let j := limit_join (granted_before (answer_of desired l)) (fst l) j in
  if is_doubtful desired l then doubt j else j.

Lemma ask_layer_is l j :
  if refuses desired l then exists d, ask_layer r (snd l) desired (fst l) j = Ends d /\ layers_allow d = false
    /\ is_undetermined d = false
  else ask_layer r (snd l) desired (fst l) j = GoesOn (joins l j).
Proof.
  unfold refuses, joins, is_doubtful, answer_of, ask_layer.
  destruct (is_empty (diff desired (fst l))); cbn [orb]; [eexists; repeat split; reflexivity|].
  destruct (snd l (diff desired (fst l))) as [g|g m w]; cbn; [reflexivity|].
  destruct w; cbn; try reflexivity; eexists; repeat split; reflexivity.
Qed.

Definition ends_badly (p : progress) : Prop :=
  exists d, p = Ends d /\ layers_allow d = false /\ is_undetermined d = false.

Lemma ended_stays ls : forall p, ends_badly p ->
  ends_badly (fold_left (fun p l => and_then p (ask_layer r (snd l) desired (fst l))) ls p).
Proof.
  induction ls as [|l ls IH]; intros p (d & -> & A & U); [exists d; auto|]. apply IH. exists d. auto.
Qed.

(** A join of layers goes on if no layer refuses for certain, and then it is that of all of them. *)
Lemma ask_layers_is ls : forall j,
  let p := fold_left (fun p l => and_then p (ask_layer r (snd l) desired (fst l))) ls (GoesOn j) in
  if existsb (refuses desired) ls then ends_badly p
  else p = GoesOn (fold_left (fun j l => joins l j) ls j).
Proof.
  induction ls as [|l ls IH]; intros j; cbn [fold_left existsb]; [reflexivity|].
  pose proof (ask_layer_is l j) as H. cbn [and_then]. destruct (refuses desired l); cbn [orb].
  - apply ended_stays. exact H.
  - rewrite H. apply IH.
Qed.

(** * All layers *)

Lemma joins_commute a b j : joins a (joins b j) = joins b (joins a j).
Proof.
  unfold joins, limit_join, doubt. destruct j as [g k d]; cbn.
  assert (E : forall x y z, inter (inter x y) z = inter (inter x z) y)
    by (intros; apply mask_eq; intros i; rewrite !inter_bit; destruct (bit x i), (bit y i), (bit z i);
      reflexivity).
  assert (U : forall x y z, union (union x y) z = union (union x z) y)
    by (intros; apply mask_eq; intros i; rewrite !union_bit; destruct (bit x i), (bit y i), (bit z i);
      reflexivity).
  destruct (is_doubtful desired a), (is_doubtful desired b), g as [g|]; cbn; rewrite U; f_equal; f_equal;
    solve [apply E | apply N.land_comm].
Qed.

Lemma joins_permute ls ls' : Permutation ls ls' -> forall j,
  fold_left (fun j l => joins l j) ls j = fold_left (fun j l => joins l j) ls' j.
Proof.
  induction 1 as [|l ls ls' _ IH|x y ls|ls ls' ls'' _ IH1 _ IH2]; intros j; cbn; auto.
  - rewrite joins_commute. reflexivity.
  - rewrite IH1. apply IH2.
Qed.

Lemma existsb_permute {A} (f : A -> bool) ls ls' : Permutation ls ls' -> existsb f ls = existsb f ls'.
Proof.
  induction 1 as [|x ls ls' _ IH|x y ls|ls ls' ls'' _ IH1 _ IH2]; cbn; try congruence.
  - destruct (f x), (f y); reflexivity.
Qed.
End Laws.

(** Two answers that differ in nothing but the reason of a refusal that is certain, and in what it lists. *)
Definition same_but_reason (a b : layered_decision) : Prop :=
  layers_allow a = layers_allow b /\ layers_granted a = layers_granted b /\ is_undetermined a =
    is_undetermined b.

Lemma refused_granted d : layers_allow d = false -> layers_granted d = 0.
Proof. destruct d; [discriminate|reflexivity]. Qed.

Lemma permuted_progress r desired ls ls' maybe maybe' : Permutation ls ls' -> maybe tt = maybe' tt ->
  same_but_reason (finish_progress r maybe (ask_layers r desired ls))
                  (finish_progress r maybe' (ask_layers r desired ls')).
Proof.
  intros P M. unfold ask_layers.
  pose proof (ask_layers_is r desired ls new_join) as H.
  pose proof (ask_layers_is r desired ls' new_join) as H'.
  cbn zeta in H, H'. rewrite <- (existsb_permute (refuses desired) ls ls' P) in H'.
  destruct (existsb (refuses desired) ls).
  - destruct H as (d & -> & A & U), H' as (d' & -> & A' & U'). cbn.
    repeat split; [congruence| |congruence]. rewrite !refused_granted by assumption. reflexivity.
  - rewrite H, H', (joins_permute desired ls ls' P). cbn [finish_progress].
    unfold finish_join. rewrite M. repeat split; reflexivity.
Qed.

(** The order of the layers has no effect but on the reason that is given for a refusal. *)
Theorem order_of_layers r desired ls ls' : Permutation ls ls' ->
  same_but_reason (check_all r desired ls) (check_all r desired ls').
Proof.
  intros P.
  assert (S : existsb (may_grant ls) single_rights = existsb (may_grant ls') single_rights).
  { generalize single_rights. intros rights. induction rights as [|x xs IH]; [reflexivity|]. cbn. rewrite IH.
    f_equal.
    unfold may_grant. apply permuted_progress; [exact P|reflexivity]. }
  destruct ls as [|l ls].
  - apply Permutation_nil in P. subst. repeat split.
  - destruct ls' as [|l' ls']; [apply Permutation_sym, Permutation_nil in P; discriminate|].
    apply permuted_progress; assumption.
Qed.

(** * Each layer by itself *)

Lemma joins_granted desired ls i : forall j,
  bit (match j_granted (fold_left (fun j l => joins desired l j) ls j) with Some g => g | None => 0 end) i =
    true ->
  (forall l, In l ls -> bit (lets_through desired l) i = true) /\
  match j_granted j with Some g => bit g i = true | None => True end.
Proof.
  induction ls as [|l ls IH]; intros j H; cbn in *.
  - split; [contradiction|]. destruct (j_granted j); [exact H|exact I].
  - destruct (IH _ H) as [A B]. clear IH H.
    assert (G : j_granted (joins desired l j) =
      Some (match j_granted j with Some g => inter g (lets_through desired l) | None => lets_through desired
        l end))
      by (unfold joins, lets_through; destruct (is_doubtful desired l); reflexivity).
    rewrite G in B. destruct (j_granted j) as [g|].
    + rewrite inter_bit, andb_true_iff in B. split; [|apply B]. intros l' [<-|I']; [apply B|apply A, I'].
    + split; [|exact I]. intros l' [<-|I']; [exact B|apply A, I'].
Qed.

Lemma joined_from r j i : bit (joined r j) i = true ->
  bit (match j_granted j with Some g => g | None => 0 end) i = true.
Proof.
  unfold joined. destruct (maximum r); rewrite ?inter_bit, ?andb_true_iff; tauto.
Qed.

Lemma allowed_is_joined r maybe j : layers_allow (finish_join r maybe j) = true ->
  layers_granted (finish_join r maybe j) = joined r j /\ j_doubt j = false.
Proof.
  unfold finish_join. destruct (j_doubt j); [discriminate|].
  destruct (contains (joined r j) (explicit r) && negb (is_empty (joined r j))); [auto|discriminate].
Qed.

Lemma doubt_of_all desired ls : forall j,
  j_doubt (fold_left (fun j l => joins desired l j) ls j) = j_doubt j || existsb (is_doubtful desired) ls.
Proof.
  induction ls as [|l ls IH]; intros j; cbn [fold_left existsb]; [rewrite orb_false_r; reflexivity|].
  rewrite IH. unfold joins. destruct (is_doubtful desired l); cbn; [rewrite orb_true_r|]; reflexivity.
Qed.

(** If the layers together allow, each of them allows, and the rights are those of the join. *)
Lemma allowed_together r desired ls maybe :
  layers_allow (finish_progress r maybe (ask_layers r desired ls)) = true ->
  (forall l, In l ls -> exists g, answer_of desired l = Allow g) /\
  layers_granted (finish_progress r maybe (ask_layers r desired ls)) =
    joined r (fold_left (fun j l => joins desired l j) ls new_join).
Proof.
  intros H. unfold ask_layers in *. pose proof (ask_layers_is r desired ls new_join) as K. cbn zeta in K.
  destruct (existsb (refuses desired) ls) eqn:R.
  - destruct K as (d & E & A & _). rewrite E in H. cbn [finish_progress] in H. congruence.
  - rewrite K in *. cbn [finish_progress] in *. destruct (allowed_is_joined _ _ _ H) as [G D].
    split; [|exact G]. intros l I. rewrite doubt_of_all in D. cbn [new_join j_doubt orb] in D.
    assert (NR : refuses desired l = false).
    { destruct (refuses desired l) eqn:X; [|reflexivity].
      assert (existsb (refuses desired) ls = true) by (apply existsb_exists; exists l; auto). congruence. }
    assert (ND : is_doubtful desired l = false).
    { destruct (is_doubtful desired l) eqn:X; [|reflexivity].
      assert (existsb (is_doubtful desired) ls = true) by (apply existsb_exists; exists l; auto). congruence.
      }
    unfold refuses, is_doubtful in *. apply orb_false_iff in NR. destruct NR as [_ NR].
    destruct (answer_of desired l) as [g|g m w]; [exists g; reflexivity|destruct w; discriminate].
Qed.

(** A request that is allowed is allowed by each layer. *)
Theorem allowed_by_each_layer r desired ls l : In l ls ->
  layers_allow (check_all r desired ls) = true -> allowed (answer_of desired l) = true.
Proof.
  intros I H. destruct ls as [|l0 ls]; [contradiction|].
  destruct (allowed_together _ _ _ _ H) as [A _]. destruct (A l I) as [g ->]. reflexivity.
Qed.

(** A right that is granted is granted by each layer, or is one that the layer is not asked for. *)
Theorem granted_by_each_layer r desired ls l i : In l ls ->
  bit (layers_granted (check_all r desired ls)) i = true ->
  bit (union (granted_of (answer_of desired l)) (fst l)) i = true.
Proof.
  intros I H. destruct ls as [|l0 ls]; [contradiction|].
  destruct (layers_allow (check_all r desired (l0 :: ls))) eqn:A;
    [|rewrite (refused_granted _ A) in H; discriminate].
  destruct (allowed_together _ _ _ _ A) as [Each G]. cbn [check_all] in H. rewrite G in H.
  apply joined_from in H. destruct (joins_granted _ _ _ _ H) as [Through _]. specialize (Through l I).
  destruct (Each l I) as [g E]. unfold lets_through in Through. rewrite E in *. exact Through.
Qed.

Lemma joins_granted_by_all desired ls i : forall j, (forall l, In l ls ->
  bit (lets_through desired l) i = true) ->
  match j_granted j with Some g => bit g i = true | None => ls <> [] end ->
  bit (match j_granted (fold_left (fun j l => joins desired l j) ls j) with Some g => g | None => 0 end) i =
    true.
Proof.
  induction ls as [|l ls IH]; intros j Each Start; cbn [fold_left].
  - destruct (j_granted j); [exact Start|congruence].
  - apply IH; [intros x X; apply Each; right; exact X|].
    assert (G : j_granted (joins desired l j) =
      Some (match j_granted j with Some g => inter g (lets_through desired l) | None => lets_through desired
        l end))
      by (unfold joins, lets_through; destruct (is_doubtful desired l); reflexivity).
    rewrite G. destruct (j_granted j) as [g|].
    + rewrite inter_bit, Start. apply Each. left. reflexivity.
    + apply Each. left. reflexivity.
Qed.

Lemma joins_asked desired ls i : forall j, bit (j_asked (fold_left (fun j l => joins desired l j) ls j)) i =
  bit (j_asked j) i || existsb (fun l => bit (complement (fst l)) i) ls.
Proof.
  induction ls as [|l ls IH]; intros j; cbn [fold_left existsb]; [rewrite orb_false_r; reflexivity|].
  rewrite IH.
  assert (A : j_asked (joins desired l j) = union (j_asked j) (complement (fst l)))
    by (unfold joins; destruct (is_doubtful desired l); reflexivity).
  rewrite A, union_bit, orb_assoc. reflexivity.
Qed.

(** A request for rights by name is allowed if each layer grants those that it is asked for, and some layer is
    asked for each right. *)
Theorem allowed_by_all r desired ls : maximum r = false -> is_empty (explicit r) = false ->
  within (explicit r) everything ->
  (forall l, In l ls -> is_empty (diff desired (fst l)) = false /\
    exists g, answer_of desired l = Allow g /\ within (explicit r) (union g (fst l))) ->
  (forall i, bit (explicit r) i = true -> exists l, In l ls /\ bit (fst l) i = false) ->
  layers_allow (check_all r desired ls) = true.
Proof.
  intros M Some_asked Bits Each Asked. destruct ls as [|l0 ls].
  { apply not_empty_spec in Some_asked. destruct Some_asked as [i I]. destruct (Asked i I) as (l & [] & _). }
  cbn [check_all]. unfold ask_layers.
  pose proof (ask_layers_is r desired (l0 :: ls) new_join) as K. cbn zeta in K.
  assert (NR : existsb (refuses desired) (l0 :: ls) = false).
  { destruct (existsb (refuses desired) (l0 :: ls)) eqn:X; [|reflexivity]. apply existsb_exists in X.
    destruct X as (l & I & R). destruct (Each l I) as (E & g & A & _). unfold refuses in R. rewrite E, A in R.
    discriminate. }
  rewrite NR in K. rewrite K. cbn [finish_progress]. unfold finish_join.
  assert (ND : existsb (is_doubtful desired) (l0 :: ls) = false).
  { destruct (existsb (is_doubtful desired) (l0 :: ls)) eqn:X; [|reflexivity]. apply existsb_exists in X.
    destruct X as (l & I & R). destruct (Each l I) as (_ & g & A & _). unfold is_doubtful in R.
    rewrite A in R.
    discriminate. }
  rewrite doubt_of_all, ND. cbn [new_join j_doubt orb].
  set (j := fold_left (fun j l => joins desired l j) (l0 :: ls) new_join).
  assert (J : forall i, bit (explicit r) i = true -> bit (joined r j) i = true).
  { intros i I. unfold joined. rewrite M, !inter_bit, I, andb_true_r. apply andb_true_iff. split.
    - apply joins_granted_by_all; [|discriminate]. intros l L. destruct (Each l L) as (_ & g & A & W).
      unfold lets_through. rewrite A. apply W, I.
    - unfold j. rewrite joins_asked. apply orb_true_iff. right. apply existsb_exists.
      destruct (Asked i I) as (l & L & F). exists l. split; [exact L|]. unfold complement.
      rewrite diff_bit, F, (Bits i I). reflexivity. }
  replace (contains (joined r j) (explicit r)) with true by (symmetry; apply contains_spec, J).
  replace (is_empty (joined r j)) with false; [reflexivity|]. symmetry. apply not_empty_spec.
  apply not_empty_spec in Some_asked. destruct Some_asked as [i I]. exists i. apply J, I.
Qed.

(** Without layers, access is refused. *)
Theorem no_layers r desired : layers_allow (check_all r desired []) = false.
Proof. reflexivity. Qed.
