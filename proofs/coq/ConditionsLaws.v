(** Laws of the operators of conditional expressions. *)
From Coq Require Import NArith ZArith List Bool.
From Sddl Require Import Model Values Conditions ConditionsTruth ConditionsLimits.
Import ListNotations.
Local Open Scope N_scope.

(** The condition with more tokens. *)
Definition followed_by (p : program) (ts : list token) : program :=
  {| tokens := tokens p ++ ts; bytes_left := bytes_left p |}.

(** The operator that is the negation of another. *)
Definition negation_of (op : operator) : option operator :=
  match op with
  | OpEqual => Some OpNotEqual
  | OpContains => Some OpNotContains
  | OpAnyOf => Some OpNotAnyOf
  | OpExists => Some OpNotExists
  | OpMemberOf => Some OpNotMemberOf
  | OpMemberOfAny => Some OpNotMemberOfAny
  | OpDeviceMemberOf => Some OpNotDeviceMemberOf
  | OpDeviceMemberOfAny => Some OpNotDeviceMemberOfAny
  | _ => None
  end.

Section Laws.
Variable fold : N -> N.
Variable limit : N.
Variable e : environment.

(** * Negation *)

Lemma operate_not_after r s :
  operate fold limit e OpNot (push_result (option_map (plain false) r) s) =
  push_result (option_map (plain true) r) s.
Proof.
  destruct r as [v|]; unfold operate, push_result, push, pop, fail; cbn [stack option_map].
  - destruct (N.of_nat (length (stack s)) <? MAX_WAITING_OPERANDS) eqn:R;
      cbn [stack takes_two kind_of_operator].
    + unfold operate_on_one, push_result, push.
      cbn [kind_of_operator option_map verdict_of_operand plain stack].
      rewrite R. cbn. rewrite orb_false_r. reflexivity.
    + cbn. rewrite !orb_true_r. reflexivity.
  - destruct (N.of_nat (length (stack s)) <? MAX_WAITING_OPERANDS) eqn:R;
      cbn [stack takes_two kind_of_operator].
    + unfold operate_on_one, push_result, push.
      cbn [kind_of_operator option_map verdict_of_operand plain stack].
      rewrite R. reflexivity.
    + cbn. reflexivity.
Qed.

(** Wherever it is in a condition, [Not_X] does what [X] and [!] do together. *)
Theorem not_x_is_negation op op' s : negation_of op = Some op' ->
  operate fold limit e op' s = operate fold limit e OpNot (operate fold limit e op s).
Proof.
  intros N. unfold operate at 1 3.
  destruct (pop s) as [[last|] s1]; [|destruct op; try discriminate; injection N as <-; apply eq_sym;
    exact (operate_not_after None s1)].
  destruct op; try discriminate; injection N as <-; cbn [takes_two kind_of_operator].
  all: try (destruct (pop s1) as [[first|] s2]; [|apply eq_sym; exact (operate_not_after None s2)]).
  all: unfold operate_on_two, operate_on_one; cbn [kind_of_operator].
  all: try (destruct (seen_of first); [|apply eq_sym; exact (operate_not_after None s2)]).
  all: try (destruct (seen_of last); [|apply eq_sym; exact (operate_not_after None s2)]).
  all: try destruct (test_relation _ _ _ _ _) as [[res m] c].
  all: try destruct (test_membership _ _ _ _) as [res facts].
  all: apply eq_sym, operate_not_after.
Qed.

(** After any operand, [!] twice leaves the values of the condition as they are. *)
Theorem negation_twice o s : N.of_nat (length (stack s)) < MAX_WAITING_OPERANDS ->
  finish (operate fold limit e OpNot (operate fold limit e OpNot (push o s))) = finish (push o s).
Proof.
  intros Room. apply N.ltb_lt in Room.
  assert (P : forall o s, N.of_nat (length (stack s)) <? MAX_WAITING_OPERANDS = true ->
    push o s = {| stack := Some o :: stack s; failed := failed s; may_fail := may_fail s; cut := cut s;
                  asked := asked s |})
    by (clear; intros o s R; unfold push; rewrite R, orb_false_r; reflexivity).
  assert (N : forall o s, N.of_nat (length (stack s)) <? MAX_WAITING_OPERANDS = true ->
    operate fold limit e OpNot (push o s) =
    push_result (option_map (fun v => Result (verdict_not v) (is_attribute o)) (verdict_of_operand o)) s)
    by (clear - P; intros o s R; rewrite P by exact R; destruct s; reflexivity).
  rewrite N by exact Room. destruct (verdict_of_operand o) as [v|] eqn:V; cbn [option_map push_result].
  - rewrite N by exact Room. cbn [verdict_of_operand option_map push_result]. rewrite !P by exact Room.
    unfold finish, pop. cbn [stack fst failed may_fail]. rewrite V. cbn [verdict_of_operand].
    rewrite verdict_not_not. reflexivity.
  - rewrite (N _ (fail s)) by exact Room. cbn [verdict_of_operand option_map push_result].
    rewrite !P by exact Room. unfold finish, pop. cbn [stack fst failed may_fail fail verdict_of_operand].
    rewrite V. reflexivity.
Qed.

(** * Junctions *)

(** The sides of [&&] and of [||] may change places, unless one is an attribute and the other the negation of
    an attribute. *)
Theorem junction_commutes conjunction left right_ :
  is_attribute left && negates_attribute right_ = false -> is_attribute right_ && negates_attribute left =
    false ->
  junction conjunction left right_ = junction conjunction right_ left.
Proof.
  intros L R. unfold junction. rewrite L, R.
  destruct (verdict_of_operand left), (verdict_of_operand right_), conjunction; try reflexivity; f_equal.
  - apply verdict_and_commutes.
  - apply verdict_or_commutes.
Qed.

(** An attribute before the negation of an attribute is unknown with [&&] and with [||], as on Windows. *)
Theorem attribute_before_negation conjunction class fact v :
  junction conjunction (Attribute class fact) (Result v true) = Some (certain UnknownT).
Proof. destruct fact; reflexivity. Qed.

(** So the sides may not always change places: the negation before the attribute can be true. *)
Theorem negation_before_attribute class class' c c' : truth_of_claim c = FalseT ->
  truth_of_claim c' = TrueT ->
  let negated := Result (verdict_not (certain (truth_of_claim c))) true in
  junction true negated (Attribute class' (Found c')) = Some (certain TrueT) /\
  junction true (Attribute class (Found c')) negated = Some (certain UnknownT).
Proof. intros E E'. cbn. rewrite E, E'. split; reflexivity. Qed.

(** * Attributes that are absent *)

(** A relation with an attribute that is absent or has no values is unknown, whatever it tests. *)
Theorem absent_is_unknown r right_ : asks_for_nothing r right_ = false ->
  test_relation fold limit r Nothing right_ = (Some (certain UnknownT), false, false).
Proof. intros A. unfold test_relation. rewrite A. reflexivity. Qed.

(** No attribute contains an empty composite, not even one that is absent. *)
Theorem nothing_contains_nothing left :
  test_relation fold limit HasAll left (Seen (Many [])) = (Some (certain FalseT), false, false).
Proof. reflexivity. Qed.

(** [Exists] tells an absent attribute of the object from one that is there; it does not take one of the
    caller. *)
Theorem exists_takes class fact : existence (Attribute class fact) = None <->
  class = UserClass \/ class = DeviceClass.
Proof. destruct class; cbn; split; intuition congruence. Qed.

(** * Memberships *)

(** For one group, membership in all groups and in one of them are the same. *)
Theorem one_group who s : fst (test_membership e who false (Values (One (SidValue s)))) =
  fst (test_membership e who true (Values (One (SidValue s)))).
Proof. cbn. unfold member_verdict. destruct (is_member e who s); reflexivity. Qed.

(** Membership in an empty composite is no test that an operator takes. *)
Theorem no_groups who one : fst (test_membership e who one (Values (Many []))) = None.
Proof. reflexivity. Qed.
End Laws.
