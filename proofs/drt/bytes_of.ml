(* The binary form of the parts of a descriptor: [MS-DTYP] 2.4. *)
open Question

let little count value = String.init count (fun i -> Char.chr ((value asr (8 * i)) land 255))

let of_parts = function
  | [] -> invalid_arg "a SID has an authority"
  | authority :: rest ->
    let big = String.init 6 (fun i -> Char.chr ((authority lsr (8 * (5 - i))) land 255)) in
    "\001" ^ little 1 (List.length rest) ^ big ^ String.concat "" (List.map (little 4) rest)

let sid = Names.remembering (fun s -> of_parts (Names.parts s))
let padded text = text ^ String.make (-String.length text land 3) '\000'

(* A GUID: its first three fields are little-endian. *)
let guid i =
  let digits = String.concat "" (String.split_on_char '-' Names.guids.(i)) in
  let byte place = Char.chr (int_of_string ("0x" ^ String.sub digits (2 * place) 2)) in
  let places = [| 3; 2; 1; 0; 5; 4; 7; 6; 8; 9; 10; 11; 12; 13; 14; 15 |] in
  String.init 16 (fun i -> byte places.(i))

let guids = Array.init (Array.length Names.guids) guid

(* Conditions: 2.4.4.17.4 *)
let counted code payload = code ^ little 4 (String.length payload) ^ payload
let utf16 text = String.concat "" (List.map (little 2) (Utf.units text))

let literal = function
  | Int value -> "\004" ^ little 8 value ^ (if value < 0 then "\002" else "\003") ^ "\002"
  | String text -> counted "\016" (utf16 text)
  | Octets bytes -> counted "\024" bytes
  | Sid s -> counted "\081" (sid s)

let attribute (class_, name) =
  let code = match class_ with
    | Conditions.LocalClass -> "\248" | UserClass -> "\249" | ResourceClass -> "\250" | DeviceClass -> "\251" in
  counted code (utf16 name)

let operand = function
  | Literal value -> literal value
  | Composite values -> counted "\080" (String.concat "" (List.map literal values))
  | Attribute a -> attribute a

let operator op = String.make 1 (Char.chr (Operators.code op))

let rec tokens = function
  | Relation (op, left, right) -> attribute left ^ operand right ^ operator op
  | Membership (op, groups) -> operand groups ^ operator op
  | Existence (op, a) -> attribute a ^ operator op
  | Alone a -> attribute a
  | And (left, right) -> tokens left ^ tokens right ^ operator Conditions.OpAnd
  | Or (left, right) -> tokens left ^ tokens right ^ operator Conditions.OpOr
  | Not inner -> tokens inner ^ operator Conditions.OpNot

let condition expression = padded ("artx" ^ tokens expression)

(* Entries: 2.4.4 *)
let ace code flags body = little 1 code ^ little 1 flags ^ little 2 (4 + String.length body) ^ body
let has_guids code = List.mem code [ 0x05; 0x06; 0x07; 0x08; 0x0b; 0x0c; 0x0f; 0x10 ]

let entry e =
  let data = match e.data with Nothing -> "" | Condition expression -> condition expression | Bytes bytes -> bytes in
  match e.trustee with
  | None -> ace e.code e.flags data
  | Some trustee ->
    let object_types = if not (has_guids e.code) then "" else match e.guid with
      | Some g -> little 4 1 ^ guids.(g)
      | None -> little 4 0 in
    ace e.code e.flags (little 4 e.mask ^ object_types ^ sid trustee ^ data)

let flags inherit_only = if inherit_only then 8 else 0

(* [None] for a resource attribute, which is written as text only. *)
let system = function
  | Label { inherit_only; level; policy } ->
    let sid = of_parts (match level with Some level -> [ 16; level ] | None -> [ 5; 11 ]) in
    Some (ace 0x11 (flags inherit_only) (little 4 policy ^ sid))
  | ResourceAttribute _ -> None
  | Policy { inherit_only; id } -> Some (ace 0x13 (flags inherit_only) (little 4 0 ^ of_parts [ 17; id ]))
  | TrustLabel { inherit_only } -> Some (ace 0x14 (flags inherit_only) (little 4 1 ^ of_parts [ 19; 512; 4096 ]))
  | Filter { inherit_only; condition = expression } ->
    Some (ace 0x15 (flags inherit_only) (little 4 1 ^ of_parts [ 1; 0 ] ^ condition expression))
  | Unknown { inherit_only; code } -> Some (ace code (flags inherit_only) (little 4 7))
  | Audit s -> Some (ace 0x02 0xc0 (little 4 1 ^ sid s))

let acl entries =
  let body = String.concat "" entries in
  "\004\000" ^ little 2 (8 + String.length body) ^ little 2 (List.length entries) ^ "\000\000" ^ body

(* The self-relative form: 2.4.6. *)
let descriptor d system_entries =
  let optional write = function Some part -> write part | None -> "" in
  let owner = optional sid d.owner and group = optional sid d.group in
  let sacl = if system_entries = [] then "" else acl system_entries in
  let dacl = match d.dacl with Entries entries -> acl (List.map entry entries) | Absent | Null -> "" in
  let place part before = if part = "" then 0 else 20 + String.length before in
  let control = 0x8000 lor (if sacl = "" then 0 else 0x10) lor (if d.dacl = Absent then 0 else 4) in
  "\001\000" ^ little 2 control ^ little 4 (place owner "") ^ little 4 (place group owner) ^ little 4 (place sacl (owner ^ group))
  ^ little 4 (place dacl (owner ^ group ^ sacl)) ^ owner ^ group ^ sacl ^ dacl
