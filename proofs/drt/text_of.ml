(* The text of a descriptor: SDDL. *)
open Question

let quoted text = "\"" ^ text ^ "\""

let hex bytes =
  let digit place =
    let byte = Char.code bytes.[place / 2] in
    "0123456789abcdef".[if place land 1 = 0 then byte lsr 4 else byte land 15] in
  String.init (2 * String.length bytes) digit

let literal = function
  | Int value -> string_of_int value
  | String text -> quoted text
  | Octets bytes -> "#" ^ hex bytes
  | Sid s -> "SID(" ^ Names.sid s ^ ")"

let attribute (class_, name) = match class_ with
  | Conditions.LocalClass -> name
  | UserClass -> "@User." ^ name
  | ResourceClass -> "@Resource." ^ name
  | DeviceClass -> "@Device." ^ name

let operand = function
  | Literal value -> literal value
  | Composite values -> "{" ^ String.concat ", " (List.map literal values) ^ "}"
  | Attribute a -> attribute a

let rec condition = function
  | Relation (op, left, right) -> Printf.sprintf "(%s %s %s)" (attribute left) (Operators.word op) (operand right)
  | Membership (op, groups) -> Printf.sprintf "(%s %s)" (Operators.word op) (operand groups)
  | Existence (op, a) -> Printf.sprintf "(%s %s)" (Operators.word op) (attribute a)
  | Alone a -> "(" ^ attribute a ^ ")"
  | And (left, right) -> Printf.sprintf "(%s && %s)" (condition left) (condition right)
  | Or (left, right) -> Printf.sprintf "(%s || %s)" (condition left) (condition right)
  | Not inner -> "(!" ^ condition inner ^ ")"

let flags bits =
  let name (bit, name) = if bits land bit <> 0 then name else "" in
  String.concat "" (List.map name [ 1, "OI"; 2, "CI"; 4, "NP"; 8, "IO"; 0x10, "ID"; 0x40, "SA"; 0x80, "FA" ])

(* The types that SDDL has in a DACL. *)
let types = [ 0x00, "A"; 0x01, "D"; 0x05, "OA"; 0x06, "OD"; 0x09, "XA"; 0x0a, "XD"; 0x0b, "ZA" ]

let is_callback code = code >= 0x09 && code <= 0x0c

(* [None] if SDDL can't say it. *)
let entry e =
  match List.assoc_opt e.code types, e.trustee, e.data with
  | None, _, _ | _, None, _ | _, _, Bytes _ -> None
  | Some _, Some _, Nothing when is_callback e.code -> None
  | Some kind, Some trustee, data ->
    let guid = match e.guid with Some g -> Names.guids.(g) | None -> "" in
    let tail = match data with Condition expression -> ";" ^ condition expression | Nothing | Bytes _ -> "" in
    Some (Printf.sprintf "(%s;%s;0x%x;%s;;%s%s)" kind (flags e.flags) e.mask guid (Names.sid trustee) tail)

let claim c =
  let kind, values = match c.values with
    | Signed l -> "TI", List.map string_of_int l
    | Unsigned l -> "TU", List.map string_of_int l
    | Strings l -> "TS", List.map quoted l
    | Sids l -> "TD", List.map Names.sid l
    | Bools l -> "TB", List.map (fun b -> if b then "1" else "0") l
    | OctetStrings l -> "TX", List.map hex l in
  Printf.sprintf "(%s,%s,0x%x%s)" (quoted c.name) kind c.flags (String.concat "" (List.map (fun v -> "," ^ v) values))

let system =
  let io inherit_only = if inherit_only then "IO" else "" in
  function
  | Label { inherit_only; level; policy } ->
    let sid = match level with Some level -> Printf.sprintf "S-1-16-%d" level | None -> "S-1-5-11" in
    Some (Printf.sprintf "(ML;%s;0x%x;;;%s)" (io inherit_only) policy sid)
  | ResourceAttribute c -> Some (Printf.sprintf "(RA;;;;;S-1-1-0;%s)" (claim c))
  | Policy { inherit_only; id } -> Some (Printf.sprintf "(SP;%s;;;;S-1-17-%d)" (io inherit_only) id)
  | TrustLabel { inherit_only } -> Some (Printf.sprintf "(TL;%s;0x1;;;S-1-19-512-4096)" (io inherit_only))
  | Filter { inherit_only; condition = expression } ->
    Some (Printf.sprintf "(FL;%s;0x1;;;S-1-1-0;%s)" (io inherit_only) (condition expression))
  | Unknown _ -> None
  | Audit s -> Some (Printf.sprintf "(AU;SAFA;0x1;;;%s)" (Names.sid s))

let all_or_none options =
  if List.for_all Option.is_some options then Some (List.filter_map Fun.id options) else None

(* [None] if SDDL can't say it. *)
let descriptor d =
  let entries = match d.dacl with Entries entries -> all_or_none (List.map entry entries) | Absent | Null -> Some [] in
  match entries, all_or_none (List.map system d.sacl) with
  | Some entries, Some system ->
    let part letter = function Some s -> letter ^ Names.sid s | None -> "" in
    let dacl = match d.dacl with Absent -> "" | Null -> "D:NO_ACCESS_CONTROL" | Entries _ -> "D:" ^ String.concat "" entries in
    let sacl = if system = [] then "" else "S:" ^ String.concat "" system in
    (match part "O:" d.owner ^ part "G:" d.group ^ dacl ^ sacl with "" -> None | text -> Some text)
  | None, _ | _, None -> None
