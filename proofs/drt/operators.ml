(* The operators of conditions: [MS-DTYP] 2.4.4.17.6 and 2.4.4.17.7. *)
open Conditions

let all =
  [ OpEqual, 0x80, "=="; OpNotEqual, 0x81, "!="; OpLess, 0x82, "<"; OpLessOrEqual, 0x83, "<="; OpGreater, 0x84, ">";
    OpGreaterOrEqual, 0x85, ">="; OpContains, 0x86, "Contains"; OpExists, 0x87, "Exists"; OpAnyOf, 0x88, "Any_of";
    OpMemberOf, 0x89, "Member_of"; OpDeviceMemberOf, 0x8a, "Device_Member_of"; OpMemberOfAny, 0x8b, "Member_of_Any";
    OpDeviceMemberOfAny, 0x8c, "Device_Member_of_Any"; OpNotExists, 0x8d, "Not_Exists"; OpNotContains, 0x8e, "Not_Contains";
    OpNotAnyOf, 0x8f, "Not_Any_of"; OpNotMemberOf, 0x90, "Not_Member_of"; OpNotDeviceMemberOf, 0x91, "Not_Device_Member_of";
    OpNotMemberOfAny, 0x92, "Not_Member_of_Any"; OpNotDeviceMemberOfAny, 0x93, "Not_Device_Member_of_Any"; OpAnd, 0xa0, "&&";
    OpOr, 0xa1, "||"; OpNot, 0xa2, "!" ]

let row op = List.find (fun (known, _, _) -> known = op) all
let code op = let _, code, _ = row op in code
let word op = let _, _, word = row op in word

let comparisons = [ OpEqual; OpNotEqual; OpLess; OpLessOrEqual; OpGreater; OpGreaterOrEqual ]
let sets = [ OpContains; OpNotContains; OpAnyOf; OpNotAnyOf ]

let memberships =
  [ OpMemberOf; OpNotMemberOf; OpMemberOfAny; OpNotMemberOfAny; OpDeviceMemberOf; OpNotDeviceMemberOf; OpDeviceMemberOfAny;
    OpNotDeviceMemberOfAny ]
