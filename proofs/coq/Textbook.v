(** The two walks of the overview in [MS-DTYP] 2.5.3.2: if nothing is unknown, the check gives their
    answers. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Requests.
Import ListNotations.
Local Open Scope N_scope.

(** No effect is uncertain. *)
Definition known (fs : list effect) : Prop := forall f m, In (f, m) fs -> f = Granted \/ f = Denied.

(** An Allow satisfies its rights, and removes them from the request. A Deny of a right that is left in the
    request denies all of it. At the end no right may be left. *)
Fixpoint textbook (fs : list effect) (remaining : mask) : bool :=
  match fs with
  | [] => is_empty remaining
  | (Granted, m) :: fs => textbook fs (diff remaining m)
  | (_, m) :: fs => if intersects remaining m then false else textbook fs remaining
  end.

(** The walk for MAXIMUM_ALLOWED goes to the end, and remembers what is granted and what is denied. *)
Fixpoint textbook_maximum (fs : list effect) (granted denied : mask) : mask :=
  match fs with
  | [] => granted
  | (Granted, m) :: fs => textbook_maximum fs (union granted (diff m denied)) denied
  | (_, m) :: fs => textbook_maximum fs granted (union denied (diff m granted))
  end.

Lemma known_tail x fs : known (x :: fs) -> known fs.
Proof.
  intros K f m H.
  apply (K f m).
  right.
  exact H.
Qed.

(** The first walk allows if and only if each right is granted by the first effect about it. *)
Theorem textbook_sure fs : known fs -> forall r,
  textbook fs r = true <-> forall i, bit r i = true -> sure fs i = true.
Proof.
  induction fs as [|[f m] fs IH]; intros K r; cbn [textbook run settles].
  - rewrite is_empty_spec.
    split; intros H i; [rewrite H; discriminate|].
    destruct (bit r i) eqn:B; [discriminate (H i B)|reflexivity].
  - specialize (IH (known_tail _ _ K)).
    destruct (K f m (or_introl eq_refl)) as [-> | ->].
    + rewrite IH.
      split; intros H i B.
      * destruct (bit m i) eqn:M; [reflexivity|].
        apply H.
        rewrite diff_bit, B, M.
        reflexivity.
      * rewrite diff_bit, andb_true_iff, negb_true_iff in B.
        destruct B as [B M].
        specialize (H i B).
        rewrite M in H.
        exact H.
    + destruct (intersects r m) eqn:I.
      * split; [discriminate|].
        intros H.
        apply intersects_spec in I.
        destruct I as (i & B & M).
        specialize (H i B).
        rewrite M in H.
        exact H.
      * rewrite IH.
        split; intros H i B; specialize (H i B); destruct (bit m i) eqn:M; auto; try discriminate.
        exfalso.
        assert (X : intersects r m = true) by (apply intersects_spec; eauto).
        congruence.
Qed.

(** The second walk grants the rights that the first effect about each grants. *)
Theorem textbook_maximum_sure fs : known fs -> forall g d i, bit (textbook_maximum fs g d) i =
  bit g i || (negb (bit d i) && sure fs i).
Proof.
  induction fs as [|[f m] fs IH]; intros K g d i; cbn [textbook_maximum run settles].
  - rewrite andb_false_r, orb_false_r.
    reflexivity.
  - specialize (IH (known_tail _ _ K)).
    destruct (K f m (or_introl eq_refl)) as [-> | ->]; rewrite IH; rewrite union_bit, diff_bit;
      destruct (bit g i), (bit d i), (bit m i), (sure fs i); reflexivity.
Qed.

Section Textbook.
Context {condition : Type} (q : question condition).

(** The check of a caller that is neither restricted nor in an app container is the document's walk, if
    nothing is unknown. *)
Theorem check_is_textbook : refusal q = None -> restriction (q_caller q) = None ->
  container (q_caller q) = None -> maximum (req q) = false -> known (all_effects q OfCaller) ->
  allowed (check q) = textbook (all_effects q OfCaller) (explicit (req q)).
Proof.
  intros G R C M K.
  apply eq_true_iff_eq.
  rewrite (textbook_sure _ K), allowed_iff.
  unfold in_all, accounts, further_accounts.
  rewrite R, C.
  unfold wanted.
  rewrite M.
  cbn [app forallb].
  setoid_rewrite andb_true_r.
  split.
  - intros (_ & A & _) i E.
    specialize (A i E).
    rewrite E in A.
    exact A.
  - intros A.
    split; [exact G|].
    split; [intros i E; rewrite E; apply A, E|].
    assert (N : exists i, bit (explicit (req q)) i = true).
    { apply refusal_free in G.
      destruct G as (_ & [H|H] & _); [congruence|exact H]. }
    destruct N as [i E].
    exists i.
    rewrite E.
    apply A, E.
Qed.

(** Likewise, the maximum is what the document's walk for the maximum grants. *)
Theorem maximum_is_textbook i : refusal q = None -> restriction (q_caller q) = None ->
  container (q_caller q) = None -> known (all_effects q OfCaller) -> allowed (check q) = true ->
  bit (granted_of (check q)) i =
  bit (wanted (req q)) i && bit (textbook_maximum (all_effects q OfCaller) 0 0) i.
Proof.
  intros G R C K A.
  apply eq_true_iff_eq.
  rewrite granted_iff.
  rewrite (textbook_maximum_sure _ K), zero_bit.
  unfold in_all, accounts, further_accounts.
  rewrite R, C.
  cbn [app forallb orb negb andb].
  rewrite andb_true_r.
  tauto.
Qed.
End Textbook.
