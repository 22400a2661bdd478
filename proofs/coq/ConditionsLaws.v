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
End Laws.
