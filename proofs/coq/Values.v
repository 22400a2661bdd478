(** The values of conditional expressions, and how an operator compares them: condition/value.rs and
    condition/fold.rs.

    The interface, for whoever runs the model:
    - a [claim] has values of one type, and the flags that matter to a condition;
    - an operand with values is [OfClaim] (an attribute), [One] (a literal) or [Many] (a composite);
    - [relation_holds fold limit r left right] tests the relation [r]: a truth value, or [None] if the
      operator does not take such operands.

    A string is a list of units of UTF-16. [fold] is the upper case of one unit, and [limit] is the most
    work that an operator may do to compare sets; [MAX_SET_WORK] is the limit of the program. *)
From Coq Require Import NArith ZArith List Bool.
From Sddl Require Import Model.
Import ListNotations.
Local Open Scope N_scope.

Definition MAX_SET_WORK : N := 2 ^ 14.

(** * Values *)

Definition text : Type := list N.

(** One value. A number is signed or unsigned: as a number, it has its sign here. *)
Inductive value :=
  | NumberValue (number : Z)
  | TextValue (units : text)
  | SidValue (s : sid)
  | BoolValue (b : bool)
  | BytesValue (bytes : list N).

(** The values of a claim have one type. *)
Inductive claim_values :=
  | Numbers (numbers : list Z)
  | Texts (texts : list text)
  | Sids (sids : list sid)
  | Bools (bools : list bool)
  | ByteStrings (strings : list (list N)).

Record claim := {
  claim_values_of : claim_values;
  case_sensitive : bool;
  claim_disabled : bool;
  claim_deny_only : bool }.

Definition values_of (c : claim) : list value :=
  match claim_values_of c with
  | Numbers l => map NumberValue l
  | Texts l => map TextValue l
  | Sids l => map SidValue l
  | Bools l => map BoolValue l
  | ByteStrings l => map BytesValue l
  end.

(** The values of an operand. *)
Inductive values := OfClaim (c : claim) | One (v : value) | Many (l : list value).

Definition all_values (o : values) : list value :=
  match o with OfClaim c => values_of c | One v => [v] | Many l => l end.
Definition count_of (o : values) : N := N.of_nat (length (all_values o)).

(** * Kinds *)

Inductive kind_of_value := NumberKind | TextKind | SidKind | BoolKind | BytesKind.
Definition kind_eqb (a b : kind_of_value) : bool :=
  match a, b with
  | NumberKind, NumberKind | TextKind, TextKind | SidKind, SidKind
  | BoolKind, BoolKind | BytesKind, BytesKind => true
  | _, _ => false
  end.
Definition kind_of (v : value) : kind_of_value :=
  match v with
  | NumberValue _ => NumberKind | TextValue _ => TextKind | SidValue _ => SidKind
  | BoolValue _ => BoolKind | BytesValue _ => BytesKind
  end.

(** The boolean that a number means: 0 is false and 1 is true. *)
Definition as_bool (v : value) : option bool :=
  match v with
  | BoolValue b => Some b
  | NumberValue 0%Z => Some false
  | NumberValue 1%Z => Some true
  | _ => None
  end.

Definition is_bool_claim (o : values) : bool :=
  match o with OfClaim c => match claim_values_of c with Bools _ => true | _ => false end | _ => false end.
Definition is_claim (o : values) : bool := match o with OfClaim _ => true | _ => false end.

(** The kinds of the values of [o] beside [other]. The literals 0 and 1 are booleans beside a boolean
    attribute. *)
Definition kinds (o other : values) : list kind_of_value :=
  map (fun v => if negb (is_claim o) && is_bool_claim other && (if as_bool v then true else false)
                then BoolKind else kind_of v) (all_values o).

(** * Two values *)

Fixpoint list_eqb {A : Type} (eqb : A -> A -> bool) (a b : list A) : bool :=
  match a, b with
  | [], [] => true
  | x :: a, y :: b => eqb x y && list_eqb eqb a b
  | _, _ => false
  end.

(** The order of two lists of numbers: that of the first place where they differ; a list comes before a longer
    one. *)
Fixpoint compare_lists (a b : list N) : comparison :=
  match a, b with
  | [], [] => Eq
  | [], _ :: _ => Lt
  | _ :: _, [] => Gt
  | x :: a, y :: b => match x ?= y with Eq => compare_lists a b | order => order end
  end.

Section Compare.
Variable fold : N -> N.

Definition folded (exact : bool) (t : text) : text := if exact then t else map fold t.

(** Whether two values are equal. [exact] says whether upper and lower case differ. *)
Definition equal_values (exact : bool) (a b : value) : bool :=
  match a, b with
  | NumberValue x, NumberValue y => (x =? y)%Z
  | TextValue x, TextValue y => list_eqb N.eqb (folded exact x) (folded exact y)
  | SidValue x, SidValue y => sid_eqb x y
  | BoolValue x, BoolValue y => eqb x y
  | BytesValue x, BytesValue y => list_eqb N.eqb x y
  | BoolValue x, NumberValue _ => match as_bool b with Some y => eqb x y | None => false end
  | NumberValue _, BoolValue y => match as_bool a with Some x => eqb x y | None => false end
  | _, _ => false
  end.

(** The order of two values of a kind that has an order. *)
Definition order_of (exact : bool) (a b : value) : option comparison :=
  match a, b with
  | NumberValue x, NumberValue y => Some (x ?= y)%Z
  | TextValue x, TextValue y => Some (compare_lists (folded exact x) (folded exact y))
  | BytesValue x, BytesValue y => Some (compare_lists x y)
  | _, _ => None
  end.

(** * The cost of comparing sets *)

(** The bytes that a unit of UTF-16 takes as UTF-8. A pair of surrogates takes four. *)
Definition utf8_bytes (unit : N) : N :=
  if unit <? 0x80 then 1 else if unit <? 0x800 then 2
  else if (0xd800 <=? unit) && (unit <? 0xe000) then 2 else 3.
Definition sum (l : list N) : N := fold_right N.add 0 l.
Definition cost (v : value) : N :=
  match v with
  | TextValue t => sum (map utf8_bytes t) + 1
  | BytesValue b => N.of_nat (length b) + 1
  | _ => 1
  end.
Definition size_of (o : values) : N := sum (map cost (all_values o)).
Definition set_work (left right : values) : N :=
  N.min (count_of left * size_of right) (count_of right * size_of left).

Variable limit : N.
Definition is_too_large (left right : values) : bool := limit <? set_work left right.

(** * The relations that operators test *)

Inductive relation := Equals | HasAll | HasSome | Below | AtMost | Above | AtLeast.

(** Strings are compared with case if a side is a claim with the flag for it. *)
Definition is_exact (o : values) : bool := match o with OfClaim c => case_sensitive c | _ => false end.

Definition has (exact : bool) (o : values) (wanted : value) : bool :=
  existsb (fun v => equal_values exact v wanted) (all_values o).
Definition contains_all (exact : bool) (o wanted : values) : bool :=
  forallb (has exact o) (all_values wanted).

(** The kind of all values of both sides. [None] if they are of two kinds, or too many to compare. *)
Definition common_kind (left right : values) : option (option kind_of_value) :=
  let all := kinds left right ++ kinds right left in
  if forallb (fun k => match all with first :: _ => kind_eqb first k | [] => true end) all
     && negb (is_too_large left right)
  then Some (hd_error all) else None.

(** The value, if there is one only, and it is not in a composite. *)
Definition single (o : values) : option value :=
  match o with
  | Many _ => None
  | OfClaim _ | One _ => match all_values o with [v] => Some v | _ => None end
  end.

Definition fits (r : relation) (order : comparison) : bool :=
  match r, order with
  | Below, Lt | AtMost, (Lt | Eq) | Above, Gt | AtLeast, (Gt | Eq) => true
  | _, _ => false
  end.
Definition truth_of (b : bool) : truth := if b then TrueT else FalseT.
Definition is_literal (o : values) : bool := match o with One _ => true | _ => false end.

(** The relation of two operands. [None] if the operator does not take them. *)
Definition relation_holds (r : relation) (left right : values) : option truth :=
  let exact := is_exact left || is_exact right in
  match common_kind left right with
  | None => None
  | Some kind =>
    match r with
    | Equals => Some (truth_of ((count_of left =? count_of right) && contains_all exact left right
                               && contains_all exact right left))
    | HasAll => Some (truth_of ((0 <? count_of right) && contains_all exact left right))
    | HasSome => if is_literal right then None
               else Some (truth_of (existsb (has exact left) (all_values right)))
    | Below | AtMost | Above | AtLeast =>
      match kind with
      | Some (SidKind | BoolKind) => None
      | Some (NumberKind | TextKind | BytesKind) | None =>
        match single left, single right with
        | Some a, Some b =>
          Some (match order_of exact a b with Some order => truth_of (fits r order) | None => UnknownT end)
        | _, _ => Some UnknownT
        end
      end
    end
  end.
End Compare.

(** The truth value of an attribute alone: whether one of its values is neither 0 nor empty. *)
Definition truth_of_claim (c : claim) : truth :=
  let any {A : Type} (l : list A) (test : A -> bool) :=
    match l with [] => UnknownT | _ => truth_of (existsb test l) end in
  match claim_values_of c with
  | Numbers l => any l (fun z => negb (z =? 0)%Z)
  | Texts l => any l (fun t => match t with [] => false | _ => true end)
  | Bools l => any l (fun b => b)
  | Sids _ | ByteStrings _ => UnknownT
  end.

(** Whether two values of a claim are equal. Windows ignores a resource attribute with such values. *)
Fixpoint repeats (fold : N -> N) (exact : bool) (l : list value) : bool :=
  match l with
  | [] => false
  | v :: l => existsb (equal_values fold exact v) l || repeats fold exact l
  end.
