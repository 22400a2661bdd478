(** A walk that ends early answers as one that does not: the answer of a check is that of two sets of bits. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits.
Import ListNotations.
Local Open Scope N_scope.

(** * The end of a walk *)

(** Nothing changes a state without open rights. *)
Lemma apply_closed rest : forall s, open s = 0 -> fold_left apply_bits rest s = s.
Proof.
  induction rest as [|[f m] rest IH]; intros s H; [reflexivity|].
  cbn [fold_left].
  assert (E : apply_bits s (f, m) = s).
  { destruct s as [o g d].
    cbn in H.
    subst o.
    unfold apply_bits.
    cbn.
    destruct f; f_equal; apply mask_eq; intros i; autorewrite with bits;
      rewrite ?andb_false_l, ?orb_false_r; reflexivity. }
  rewrite E.
  apply IH, H.
Qed.

(** A right that is explicitly asked for can't be granted any more. *)
Definition lost (r : request) (s : access_state) : Prop :=
  exists i, bit (explicit r) i = true /\ bit (open s) i = false /\ bit (may_granted s) i = false.

Lemma is_lost_lost r s : is_lost r s = true -> lost r s.
Proof.
  unfold is_lost.
  rewrite intersects_spec.
  intros (i & H & E).
  autorewrite with bits in H.
  rewrite !andb_true_iff, !negb_true_iff in H.
  exists i.
  tauto.
Qed.

Lemma lost_stays r rest : forall s, lost r s -> lost r (fold_left apply_bits rest s).
Proof.
  induction rest as [|[f m] rest IH]; intros s H; [exact H|].
  apply IH.
  destruct H as (i & E & O & G).
  exists i.
  split; [exact E|].
  destruct f; cbn; autorewrite with bits; rewrite ?O, ?G; split; reflexivity.
Qed.

(** Two states that give one answer: they are equal, or something asked for is lost in both. *)
Definition alike (r : request) (s s' : access_state) : Prop := s = s' \/ (lost r s /\ lost r s').

(** A settled state gives the answer that it gives after all further effects. *)
Lemma settled_alike r rest s : is_settled r s = true -> alike r s (fold_left apply_bits rest s).
Proof.
  unfold is_settled.
  rewrite andb_true_iff, orb_true_iff.
  intros [_ [S|S]].
  - left.
    rewrite apply_closed; [reflexivity|].
    apply N.eqb_eq, S.
  - right.
    apply is_lost_lost in S.
    split; [exact S|].
    apply lost_stays, S.
Qed.

(** * Answers *)

(** Both allow with equal rights, or both refuse for one reason. *)
Definition same_answer (a b : decision) : Prop :=
  match a, b with
  | Allow g, Allow g' => g = g'
  | Refuse _ _ why, Refuse _ _ why' => why = why'
  | _, _ => False
  end.

Definition granted_of (d : decision) : mask := match d with Allow g => g | Refuse _ _ _ => 0 end.

Definition allowed (d : decision) : bool := match d with Allow _ => true | Refuse _ _ _ => false end.

Definition why (d : decision) : option reason := match d with Allow _ => None | Refuse _ _ w => Some w end.

Lemma same_answer_refl a : same_answer a a.
Proof. destruct a; reflexivity. Qed.

Lemma satisfies_spec r m : satisfies r m = true <->
  (forall i, bit (explicit r) i = true -> bit m i = true) /\ exists i, bit m i = true.
Proof.
  unfold satisfies.
  rewrite andb_true_iff, negb_true_iff, contains_spec, not_empty_spec.
  reflexivity.
Qed.

(** Each right that is certain is possible. *)
Definition coherent (g : grants) : Prop :=
  forall i, bit (g_certain g) i = true -> bit (g_possible g) i = true.

Lemma lost_refuses r g : coherent g ->
  (exists i, bit (explicit r) i = true /\ bit (g_possible g) i = false) ->
  exists c m, decide r g = Refuse c m NotGranted.
Proof.
  intros Sub (i & E & N).
  assert (No : forall m, bit m i = false -> satisfies r m = false).
  { intros m B.
    destruct (satisfies r m) eqn:S; [|reflexivity].
    apply satisfies_spec in S.
    destruct S as [S _].
    rewrite (S i E) in B.
    discriminate. }
  unfold decide.
  rewrite (No (g_possible g) N), (No (g_certain g)); [eauto|].
  destruct (bit (g_certain g) i) eqn:C; [|reflexivity].
  rewrite (Sub i C) in N.
  discriminate.
Qed.

Lemma granted_may s i : bit (granted s) i = true -> bit (may_granted s) i = true.
Proof.
  unfold granted.
  autorewrite with bits.
  rewrite !andb_true_iff.
  tauto.
Qed.

(** [P] holds of every account, or [Q] of one. *)
Lemma all_or_one {A} (P Q : A -> Prop) l :
  (forall a, In a l -> P a \/ Q a) -> (forall a, In a l -> P a) \/ exists a, In a l /\ Q a.
Proof.
  induction l as [|x l IH]; intros H; [left; intros a []|].
  destruct (H x (or_introl eq_refl)) as [Px|Qx]; [|right; exists x; cbn; auto].
  destruct IH as [All|(a & In & Qa)].
  - intros a Ha.
    apply H.
    right.
    exact Ha.
  - left.
    intros a [<-|Ha]; auto.
  - right.
    exists a.
    cbn.
    auto.
Qed.

Section Walk.
Context {condition : Type} (q : question condition).

(** * The passes together *)

Definition accounts : list account := OfCaller :: further_accounts q.

Lemma in_each_pass_bit rights i :
  bit (in_each_pass q rights) i = forallb (fun a => bit (rights a) i) accounts.
Proof.
  unfold in_each_pass, accounts.
  cbn [forallb].
  generalize (rights OfCaller).
  induction (further_accounts q) as [|a l IH]; intros m; cbn [fold_left forallb].
  { symmetry.
    apply andb_true_r. }
  rewrite IH, inter_bit.
  symmetry.
  apply andb_assoc.
Qed.

Lemma in_each_pass_ext rights rights' : (forall a, In a accounts -> rights a = rights' a) ->
  in_each_pass q rights = in_each_pass q rights'.
Proof.
  intros H.
  apply mask_eq.
  intros i.
  rewrite !in_each_pass_bit.
  apply eq_true_iff_eq.
  rewrite !forallb_forall.
  split; intros A a Ha; [rewrite <- H | rewrite H]; auto.
Qed.

Lemma passes_coherent state : coherent (grants_of_passes q state).
Proof.
  intros i.
  unfold grants_of_passes.
  cbn [g_certain g_possible].
  rewrite !in_each_pass_bit, !forallb_forall.
  intros H a Ha.
  apply granted_may, H, Ha.
Qed.

(** If the states of each pass give one answer, the passes together do. *)
Lemma passes_alike state state' : (forall a, In a accounts -> alike (req q) (state a) (state' a)) ->
  same_answer (decide (req q) (grants_of_passes q state)) (decide (req q) (grants_of_passes q state')).
Proof.
  intros H.
  destruct (all_or_one _ _ _ H) as [Eq|(a & Ha & L & L')].
  - assert (E : forall f : access_state -> mask,
      in_each_pass q (fun a => f (state a)) = in_each_pass q (fun a => f (state' a))).
    { intros f.
      apply in_each_pass_ext.
      intros a Ha.
      f_equal.
      apply Eq, Ha. }
    unfold grants_of_passes.
    rewrite (E granted), (E may_granted).
    apply same_answer_refl.
  - assert (R : forall st, lost (req q) (st a) ->
      exists c m, decide (req q) (grants_of_passes q st) = Refuse c m NotGranted).
    { intros st (i & E & _ & N).
      apply lost_refuses; [apply passes_coherent|].
      exists i.
      split; [exact E|].
      cbn [grants_of_passes g_possible].
      rewrite in_each_pass_bit.
      apply not_true_iff_false.
      rewrite forallb_forall.
      intros A.
      specialize (A a Ha).
      congruence. }
    destruct (R state L) as (? & ? & ->), (R state' L') as (? & ? & ->).
    reflexivity.
Qed.

(** * The effects of a whole list *)

Definition effects (a : account) (es : list (ace condition)) : list effect :=
  flat_map (fun e => opt (entry_effect q a e)) es.

Lemma entries_alike a es : forall s,
  alike (req q) (entries q a es s) (fold_left apply_bits (effects a es) s).
Proof.
  induction es as [|e es IH]; intros s; cbn [entries]; [left; reflexivity|].
  destruct (is_settled (req q) s) eqn:S; [apply settled_alike, S|].
  cbn [effects flat_map].
  rewrite fold_left_app.
  destruct (entry_effect q a e) as [x|]; apply IH.
Qed.

(** The effects of a pass, were it never to end early. *)
Definition pass_effects (a : account) : list effect :=
  match dacl (q_descriptor q) with
  | None => if is_container a then [] else [(Granted, unprotected q)]
  | Some es => opt (implicit_owner_rights q a es) ++ effects a es
  end.

Definition all_effects (a : account) : list effect := begins q a ++ pass_effects a.

Definition to_the_end (a : account) : access_state :=
  fold_left apply_bits (all_effects a) (start (wanted (req q))).

Lemma after_pass_alike a : alike (req q) (after_pass q a) (to_the_end a).
Proof.
  unfold after_pass, to_the_end, all_effects, pass, pass_effects.
  rewrite fold_left_app.
  destruct (dacl (q_descriptor q)) as [es|].
  - rewrite fold_left_app.
    destruct (implicit_owner_rights q a es); apply entries_alike.
  - destruct (is_container a); left; reflexivity.
Qed.

(** A bit is wanted, and is granted in each pass: for certain, or possibly. *)
Definition in_all (hopeful : bool) (i : N) : bool :=
  bit (wanted (req q)) i && forallb (fun a => run hopeful (all_effects a) i) accounts.

Lemma all_wanted w (f : account -> bool) : forallb (fun a => w && f a) accounts = w && forallb f accounts.
Proof.
  unfold accounts.
  cbn [forallb].
  destruct w; reflexivity.
Qed.

Lemma certain_bits i : bit (g_certain (grants_of_passes q to_the_end)) i = in_all false i.
Proof.
  cbn [grants_of_passes g_certain].
  rewrite in_each_pass_bit.
  unfold in_all.
  rewrite <- all_wanted.
  unfold to_the_end.
  induction accounts as [|a l IH]; cbn [forallb]; [reflexivity|].
  rewrite granted_bits, IH.
  reflexivity.
Qed.

Lemma possible_bits_of_passes i : bit (g_possible (grants_of_passes q to_the_end)) i = in_all true i.
Proof.
  cbn [grants_of_passes g_possible].
  rewrite in_each_pass_bit.
  unfold in_all.
  rewrite <- all_wanted.
  unfold to_the_end.
  induction accounts as [|a l IH]; cbn [forallb]; [reflexivity|].
  rewrite possible_bits, IH.
  reflexivity.
Qed.

(** * The answer *)

(** The answer is that of the two sets of bits that are certain and possible, however far the walk went. *)
Theorem check_is : refusal q = None -> exists g,
  (forall i, bit (g_certain g) i = in_all false i) /\ (forall i, bit (g_possible g) i = in_all true i) /\
  same_answer (check q) (decide (req q) g).
Proof.
  intros None.
  exists (grants_of_passes q to_the_end).
  split; [exact certain_bits|].
  split; [exact possible_bits_of_passes|].
  unfold check.
  rewrite None.
  apply passes_alike.
  intros a _.
  apply after_pass_alike.
Qed.

(** A check allows if no rule refuses beforehand, each right asked for is certain, and some right is. *)
Theorem allowed_iff : allowed (check q) = true <->
  refusal q = None /\ (forall i, bit (explicit (req q)) i = true -> in_all false i = true) /\
  exists i, in_all false i = true.
Proof.
  destruct (refusal q) as [w|] eqn:Refusal.
  - unfold check.
    rewrite Refusal.
    split; [discriminate|].
    intros [H _].
    discriminate.
  - destruct (check_is Refusal) as (g & HG & HP & Same).
    assert (E : allowed (check q) = satisfies (req q) (g_certain g)).
    { unfold decide in Same.
      destruct (satisfies (req q) (g_certain g)), (check q); cbn in *; tauto. }
    rewrite E, satisfies_spec.
    setoid_rewrite HG.
    tauto.
Qed.

(** The rights in an answer that allows are those that are certain. *)
Theorem granted_iff i :
  bit (granted_of (check q)) i = true <-> allowed (check q) = true /\ in_all false i = true.
Proof.
  destruct (refusal q) as [w|] eqn:Refusal.
  - unfold check.
    rewrite Refusal.
    cbn.
    split; [discriminate|].
    intros [H _].
    discriminate.
  - destruct (check_is Refusal) as (g & HG & HP & Same).
    unfold decide in Same.
    rewrite <- HG.
    destruct (satisfies (req q) (g_certain g)), (check q); cbn in *; try tauto; [subst; tauto|].
    split; [discriminate|].
    intros [H _].
    discriminate.
Qed.

(** A check is undetermined if it does not allow, and what is possible would. *)
Theorem undetermined_iff : why (check q) = Some Undetermined <->
  refusal q = None /\ allowed (check q) = false /\
  (forall i, bit (explicit (req q)) i = true -> in_all true i = true) /\ exists i, in_all true i = true.
Proof.
  destruct (refusal q) as [w|] eqn:Refusal.
  - unfold check.
    rewrite Refusal.
    cbn.
    split; [|intros [H _]; discriminate].
    intros [= ->].
    unfold refusal in Refusal.
    repeat match goal with H : context [if ?x then _ else _] |- _ => destruct x; try discriminate end.
  - destruct (check_is Refusal) as (g & HG & HP & Same).
    assert (S : satisfies (req q) (g_possible g) = true <->
      (forall i, bit (explicit (req q)) i = true -> in_all true i = true) /\ exists i, in_all true i = true).
    { rewrite satisfies_spec.
      setoid_rewrite HP.
      reflexivity. }
    rewrite <- S.
    unfold decide in Same.
    destruct (satisfies (req q) (g_certain g)), (check q); cbn in *; try contradiction.
    + split; [discriminate|].
      intros (_ & H & _).
      discriminate.
    + subst.
      destruct (satisfies (req q) (g_possible g)); split; try tauto; try discriminate.
      intros (_ & _ & H).
      discriminate.
Qed.
End Walk.
