(** Conditional expressions with their whole evaluation: condition/evaluate.rs, condition/operator.rs,
    condition/truth.rs.

    The interface, for whoever runs the model:
    - a [program] is the tokens of a condition in postfix order, and whether bytes are left that are no
      token;
    - an [environment] answers for each attribute and each group, for one kind of entry;
    - [evaluate fold limit e p] is the [result]: the truth values that the condition can have, whether a set
      was too large to compare, and the facts that it asked for and that are not known, in the order of
      the tokens.

    Evaluation never stops early, so it asks for every attribute and group. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Values.
Import ListNotations.
Local Open Scope N_scope.

(** The operands that the stack has room for: [MAX_CONDITION_DEPTH + 3]. *)
Definition MAX_WAITING_OPERANDS : N := 64 + 3.

(** * What is asked for *)

Inductive attribute_class := LocalClass | UserClass | ResourceClass | DeviceClass.
Inductive subject := UserSubject | DeviceSubject.
Inductive lookup := Found (c : claim) | AbsentAttribute | UnknownAttribute.

(** The facts about one caller and one object that a condition asks for, in one kind of entry. *)
Record environment := {
  attribute : attribute_class -> text -> lookup;
  is_member : subject -> sid -> truth }.

(** A fact that a condition asked for and that is not known. *)
Inductive unknown_fact :=
  | UnknownClaim (class : attribute_class) (name : text)
  | UnknownGroup (who : subject) (s : sid).

(** * Sets of truth values *)

Definition truth_not (a : truth) : truth :=
  match a with TrueT => FalseT | FalseT => TrueT | UnknownT => UnknownT end.
Definition truth_and (a b : truth) : truth :=
  match a, b with FalseT, _ | _, FalseT => FalseT | TrueT, TrueT => TrueT | _, _ => UnknownT end.
Definition truth_or (a b : truth) : truth := truth_not (truth_and (truth_not a) (truth_not b)).

Definition any : verdict := {| can_true := true; can_false := true; can_unknown := true |}.
Definition either : verdict := {| can_true := true; can_false := true; can_unknown := false |}.
Definition or_unknown (v : verdict) : verdict :=
  {| can_true := can_true v; can_false := can_false v; can_unknown := true |}.
Definition verdict_not (v : verdict) : verdict :=
  {| can_true := can_false v; can_false := can_true v; can_unknown := can_unknown v |}.
Definition verdict_and (v w : verdict) : verdict :=
  {| can_true := can_true v && can_true w;
     can_false := can_false v || can_false w;
     can_unknown := (can_unknown v && (can_unknown w || can_true w)) || (can_true v && can_unknown w) |}.
Definition verdict_or (v w : verdict) : verdict := verdict_not (verdict_and (verdict_not v) (verdict_not w)).

(** Whether there is one truth value only, and that value; unknown if there are more. *)
Definition is_certain (v : verdict) : bool :=
  match can_true v, can_false v, can_unknown v with
  | true, false, false | false, true, false | false, false, true => true
  | _, _, _ => false
  end.
Definition truth_of_verdict (v : verdict) : truth :=
  match can_true v, can_false v, can_unknown v with
  | true, false, false => TrueT
  | false, true, false => FalseT
  | _, _, _ => UnknownT
  end.

(** * Tokens *)

Inductive operator :=
  | OpEqual | OpNotEqual | OpLess | OpLessOrEqual | OpGreater | OpGreaterOrEqual
  | OpContains | OpExists | OpAnyOf | OpMemberOf | OpDeviceMemberOf | OpMemberOfAny | OpDeviceMemberOfAny
  | OpNotExists | OpNotContains | OpNotAnyOf | OpNotMemberOf | OpNotDeviceMemberOf | OpNotMemberOfAny
  | OpNotDeviceMemberOfAny | OpAnd | OpOr | OpNot.
Inductive token :=
  | LiteralToken (v : value)
  | CompositeToken (members : list value)
  | AttributeToken (class : attribute_class) (name : text)
  | OperatorToken (op : operator).
Record program := { tokens : list token; bytes_left : bool }.

(** The kind of an operator: the relation or the membership that it tests, and whether its result is
    negated. *)
Inductive operator_kind :=
  | TestsRelation (r : relation) (negated : bool)
  | TestsMembership (who : subject) (one_is_enough negated : bool)
  | TestsExistence (negated : bool)
  | Junction (conjunction : bool)
  | Negation.
Definition kind_of_operator (op : operator) : operator_kind :=
  match op with
  | OpEqual => TestsRelation Equals false
  | OpNotEqual => TestsRelation Equals true
  | OpLess => TestsRelation Below false
  | OpLessOrEqual => TestsRelation AtMost false
  | OpGreater => TestsRelation Above false
  | OpGreaterOrEqual => TestsRelation AtLeast false
  | OpContains => TestsRelation HasAll false
  | OpNotContains => TestsRelation HasAll true
  | OpAnyOf => TestsRelation HasSome false
  | OpNotAnyOf => TestsRelation HasSome true
  | OpExists => TestsExistence false
  | OpNotExists => TestsExistence true
  | OpMemberOf => TestsMembership UserSubject false false
  | OpNotMemberOf => TestsMembership UserSubject false true
  | OpMemberOfAny => TestsMembership UserSubject true false
  | OpNotMemberOfAny => TestsMembership UserSubject true true
  | OpDeviceMemberOf => TestsMembership DeviceSubject false false
  | OpNotDeviceMemberOf => TestsMembership DeviceSubject false true
  | OpDeviceMemberOfAny => TestsMembership DeviceSubject true false
  | OpNotDeviceMemberOfAny => TestsMembership DeviceSubject true true
  | OpAnd => Junction true
  | OpOr => Junction false
  | OpNot => Negation
  end.

(** * Operands *)

(** [negated_attribute] says whether the result is that of [!] for an attribute. *)
Inductive operand :=
  | Attribute (class : attribute_class) (fact : lookup)
  | Values (vs : values)
  | Result (v : verdict) (negated_attribute : bool).

(** The values of an operand: [Nothing] if the attribute is absent or has no values. *)
Inductive seen := Seen (vs : values) | Nothing | Missing.
Definition seen_of (o : operand) : option seen :=
  match o with
  | Attribute _ (Found c) => Some (match values_of c with [] => Nothing | _ => Seen (OfClaim c) end)
  | Attribute _ AbsentAttribute => Some Nothing
  | Attribute _ UnknownAttribute => Some Missing
  | Values vs => Some (Seen vs)
  | Result _ _ => None
  end.
Definition verdict_of_operand (o : operand) : option verdict :=
  match o with
  | Attribute _ (Found c) => Some (certain (truth_of_claim c))
  | Attribute _ AbsentAttribute => Some (certain UnknownT)
  | Attribute _ UnknownAttribute => Some any
  | Values _ => None
  | Result v _ => Some v
  end.
Definition existence (o : operand) : option verdict :=
  match o with
  | Attribute (LocalClass | ResourceClass) fact => Some
    match fact with
    | Found c => certain (match values_of c with [] => UnknownT | _ => TrueT end)
    | AbsentAttribute => certain FalseT
    | UnknownAttribute => any
    end
  | Attribute (UserClass | DeviceClass) _ | Values _ | Result _ _ => None
  end.
Definition is_attribute (o : operand) : bool := match o with Attribute _ _ => true | _ => false end.
Definition negates_attribute (o : operand) : bool :=
  match o with Result _ negated => negated | _ => false end.

(** * Evaluation *)

(** The state between two tokens. A place of the stack is [None] where the stack had no room. *)
Record state := {
  stack : list (option operand);
  failed : bool;                  (* an operator had operands that it does not take *)
  may_fail : bool;                (* an operator may have such operands, depending on unknown facts *)
  cut : bool;                     (* a set was too large to compare *)
  asked : list unknown_fact }.
Definition begin : state := {| stack := []; failed := false; may_fail := false; cut := false; asked := [] |}.

Definition push (o : operand) (s : state) : state :=
  let room := N.of_nat (length (stack s)) <? MAX_WAITING_OPERANDS in
  {| stack := (if room then Some o else None) :: stack s; failed := failed s || negb room;
     may_fail := may_fail s; cut := cut s; asked := asked s |}.
Definition pop (s : state) : option operand * state :=
  let (top, rest) := match stack s with [] => (None, []) | top :: rest => (top, rest) end in
  (top, {| stack := rest; failed := failed s; may_fail := may_fail s; cut := cut s; asked := asked s |}).
Definition fail (s : state) : state :=
  {| stack := stack s; failed := true; may_fail := may_fail s; cut := cut s; asked := asked s |}.
Definition ask (facts : list unknown_fact) (s : state) : state :=
  {| stack := stack s; failed := failed s; may_fail := may_fail s; cut := cut s; asked := asked s ++ facts |}.
Definition note (can_fail is_cut : bool) (s : state) : state :=
  {| stack := stack s; failed := failed s; may_fail := may_fail s || can_fail; cut := cut s || is_cut;
     asked := asked s |}.

(** Pushes the result of an operator: unknown if it does not take its operands. *)
Definition push_result (result : option operand) (s : state) : state :=
  match result with
  | Some o => push o s
  | None => push (Result (certain UnknownT) false) (fail s)
  end.
Definition plain (negated : bool) (v : verdict) : operand :=
  Result (if negated then verdict_not v else v) false.

Section Evaluate.
Variable fold : N -> N.
Variable limit : N.
Variable e : environment.

(** Whether a relation asks for all values of an empty composite. *)
Definition is_empty_composite (o : seen) : bool := match o with Seen (Many []) => true | _ => false end.
Definition asks_for_nothing (r : relation) (right : seen) : bool :=
  match r with HasAll => is_empty_composite right | _ => false end.

(** The result of a relation; whether it may fail; whether a set was too large. Nothing contains an empty
    composite, as on Windows, not even an absent attribute. *)
Definition test_relation (r : relation) (left right : seen) : option verdict * bool * bool :=
  if asks_for_nothing r right then (Some (certain FalseT), false, false)
  else match left, right with
  | Nothing, _ | _, Nothing => (Some (certain UnknownT), false, false)
  | Missing, _ | _, Missing => (Some any, true, false)
  | Seen l, Seen r' =>
    match relation_holds fold limit r l r' with
    | Some t => (Some (certain t), false, false)
    | None => (None, false, is_too_large limit l r')
    end
  end.

(** The result of [&&] or [||]. An attribute beside the negation of another makes both unknown, as on
    Windows. *)
Definition junction (conjunction : bool) (left right : operand) : option verdict :=
  match verdict_of_operand left, verdict_of_operand right with
  | Some v, Some w => Some
    (if is_attribute left && negates_attribute right then certain UnknownT
     else if conjunction then verdict_and v w else verdict_or v w)
  | _, _ => None
  end.

(** A membership that is not known will be one thing or the other. *)
Definition member_verdict (who : subject) (s : sid) : verdict :=
  match is_member e who s with UnknownT => either | TrueT => certain TrueT | FalseT => certain FalseT end.
Definition member_unknown (who : subject) (s : sid) : list unknown_fact :=
  match is_member e who s with UnknownT => [UnknownGroup who s] | TrueT | FalseT => [] end.

(** The result of a test of membership in all of these groups, or in one, and the groups that are not
    known. *)
Fixpoint memberships (who : subject) (one_is_enough : bool) (groups : list value) (so_far : verdict) :
    option verdict * list unknown_fact :=
  match groups with
  | [] => (Some so_far, [])
  | SidValue s :: groups =>
    let v := member_verdict who s in
    let now := if one_is_enough then verdict_or so_far v else verdict_and so_far v in
    let rest := memberships who one_is_enough groups now in
    (fst rest, member_unknown who s ++ snd rest)
  | _ :: _ => (None, [])
  end.
Definition test_membership (who : subject) (one_is_enough : bool) (o : operand) :
    option verdict * list unknown_fact :=
  match o with
  | Values (One v) => memberships who one_is_enough [v] (certain (truth_of (negb one_is_enough)))
  | Values (Many (v :: l)) => memberships who one_is_enough (v :: l) (certain (truth_of (negb one_is_enough)))
  | _ => (None, [])
  end.

(** An operator of one operand. *)
Definition operate_on_one (op : operator) (o : operand) (s : state) : state :=
  match kind_of_operator op with
  | TestsMembership who one_is_enough negated =>
    let (result, facts) := test_membership who one_is_enough o in
    push_result (option_map (plain negated) result) (ask facts s)
  | TestsExistence negated => push_result (option_map (plain negated) (existence o)) s
  | Negation =>
    push_result (option_map (fun v => Result (verdict_not v) (is_attribute o)) (verdict_of_operand o)) s
  | TestsRelation _ _ | Junction _ => s
  end.

(** An operator of two operands. *)
Definition operate_on_two (op : operator) (left right : operand) (s : state) : state :=
  match kind_of_operator op with
  | TestsRelation r negated =>
    match seen_of left, seen_of right with
    | Some l, Some r' =>
      let '(result, can_fail, is_cut) := test_relation r l r' in
      push_result (option_map (plain negated) result) (note can_fail is_cut s)
    | _, _ => push_result None s
    end
  | Junction conjunction => push_result (option_map (plain false) (junction conjunction left right)) s
  | TestsMembership _ _ _ | TestsExistence _ | Negation => s
  end.
Definition takes_two (op : operator) : bool :=
  match kind_of_operator op with TestsRelation _ _ | Junction _ => true | _ => false end.

Definition operate (op : operator) (s : state) : state :=
  match pop s with
  | (None, s) => push_result None s
  | (Some last, s) =>
    if takes_two op then
      match pop s with
      | (None, s) => push_result None s
      | (Some first, s) => operate_on_two op first last s
      end
    else operate_on_one op last s
  end.

Definition step (s : state) (t : token) : state :=
  match t with
  | LiteralToken v => push (Values (One v)) s
  | CompositeToken members => push (Values (Many members)) s
  | AttributeToken class name =>
    let fact := attribute e class name in
    let s := match fact with UnknownAttribute => ask [UnknownClaim class name] s | _ => s end in
    push (Attribute class fact) s
  | OperatorToken op => operate op s
  end.

(** The values that a condition can have, whether a set was too large, and the facts that are not known. *)
Record result := { values_possible : verdict; too_large : bool; unknown_facts : list unknown_fact }.
Definition finish (s : state) : verdict :=
  match fst (pop s) with
  | Some o =>
    match verdict_of_operand o with
    | Some v => if failed s then certain UnknownT else if may_fail s then or_unknown v else v
    | None => certain UnknownT
    end
  | None => certain UnknownT
  end.
Definition run_tokens (p : program) : state :=
  let s := fold_left step (tokens p) begin in if bytes_left p then fail s else s.
Definition evaluate (p : program) : result :=
  let s := run_tokens p in
  {| values_possible := finish s; too_large := cut s; unknown_facts := asked s |}.
End Evaluate.
