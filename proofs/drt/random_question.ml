(* Random questions. The numbers of things are small, and so is the universe of names, so that entries meet. *)
open Question

let below = Random.int
let chance percent = below 100 < percent
let pick list = List.nth list (below (List.length list))
let maybe percent make = if chance percent then Some (make ()) else None
let many most make = List.init (below (most + 1)) (fun _ -> make ())
let account () = Model.Account (Numbers.n (below (Array.length Names.accounts)))

let container_sid () =
  pick Model.[ AllPackages; AllRestrictedPackages; Package (Numbers.n (below 2)); Capability (Numbers.n (below 2)) ]

let stand_in () = pick Model.[ CreatorOwner; CreatorGroup; OwnerRights; OwnerRights; PrincipalSelf ]

let sid () = match below 20 with 0 | 1 -> container_sid () | 2 | 3 | 4 -> stand_in () | _ -> account ()

(* Masks: few bits, so that they meet; each bit at times. *)
let mask () =
  match below 10 with
  | 0 -> below 65536 lor (below 65536 lsl 16)
  | 1 -> 1 lsl below 32
  | 2 -> pick [ 0x80000000; 0x40000000; 0x20000000; 0x10000000; 0xa0000000; 0x80000001 ]
  | 3 -> pick [ 0x1f01ff; 0x120089; 0x120116; 0x1200a0; 0xf003f; 0xffffffff ]
  | _ -> pick [ 0; 1; 2; 3; 4; 8; 0x10; 0x116 ] lor pick [ 0; 0; 0x20000; 0x40000; 0x60000; 0x80000; 0x10000; 0x100000 ]

(* Conditions *)
let claim_names = [ "a"; "b"; "c" ]
let name () = pick [ "a"; "b"; "c"; "A" ]
let class_ () = pick Conditions.[ UserClass; UserClass; UserClass; DeviceClass; DeviceClass; ResourceClass; ResourceClass; LocalClass ]
let attribute () = class_ (), name ()
let strings = [ ""; "x"; "X"; "\xc3\xa4"; "\xc3\x84"; "xy" ]
let octets = [ ""; "\001"; "\001\002"; "\255" ]

let literal_of = function
  | 0 | 1 -> Int (below 4 - 1)
  | 2 -> String (pick strings)
  | 3 -> Sid (account ())
  | _ -> Octets (pick octets)

let literal () = literal_of (below 5)
let of_one_kind most = let kind = below 5 in many most (fun () -> literal_of kind)

let right_operand () =
  match below 10 with
  | 0 | 1 | 2 | 3 -> Literal (literal ())
  | 4 -> Composite (many 3 literal)
  | 5 | 6 | 7 -> Composite (of_one_kind 3)
  | _ -> (match attribute () with Conditions.LocalClass, name -> Attribute (UserClass, name) | other -> Attribute other)

let groups () =
  match below 10 with
  | 0 -> Composite (many 2 literal)
  | 1 -> Composite []
  | 2 | 3 -> Literal (Sid (sid ()))
  | _ -> Composite (List.init (1 + below 3) (fun _ -> Sid (if chance 90 then account () else sid ())))

let test () =
  match below 12 with
  | 0 -> Alone (attribute ())
  | 1 | 2 -> Existence (pick Conditions.[ OpExists; OpNotExists ], attribute ())
  | 3 | 4 | 5 -> Membership (pick Operators.memberships, groups ())
  | 6 | 7 -> Relation (pick Operators.sets, attribute (), right_operand ())
  | 8 -> Relation (pick Operators.comparisons, attribute (), right_operand ())
  | _ -> Relation (pick Operators.comparisons, attribute (), Literal (Int (below 3)))

let rec condition depth =
  if depth = 0 || chance 40 then test ()
  else
    match below 3 with
    | 0 -> And (condition (depth - 1), condition (depth - 1))
    | 1 -> Or (condition (depth - 1), condition (depth - 1))
    | _ -> Not (condition (depth - 1))

(* Claims. Those of a caller have no value twice, which the program would refuse. *)
let rec subset = function [] -> [] | first :: rest -> if chance 40 then first :: subset rest else subset rest

let values repeats =
  let some all pick_one = if repeats && chance 30 then many 2 pick_one else subset all in
  match below 8 with
  | 0 | 1 | 2 -> Signed (some [ -1; 0; 1; 2 ] (fun () -> below 3))
  | 3 -> Unsigned (some [ 0; 1; 2 ] (fun () -> below 3))
  | 4 -> Strings (some [ ""; "x"; "\xc3\xa4"; "xy" ] (fun () -> pick strings))
  | 5 -> Sids (some [ Model.Account N0; Model.Account (Numbers.n 3) ] account)
  | 6 -> Bools (some [ false; true ] (fun () -> chance 50))
  | _ -> OctetStrings (some octets (fun () -> pick octets))

let claims () = List.map (fun name -> { name; flags = 0; values = values false }) (subset claim_names)

let resource_attribute () =
  ResourceAttribute { name = name (); flags = pick [ 0; 0; 0; 0; 2; 2; 4; 8; 0x10; 1 ]; values = values true }

(* Entries. Some SIDs of the caller are given, so that they meet more often. *)
let trustee_among mine = if chance 35 then pick mine else sid ()

let entry mine parts =
  let flags = (if chance 10 then 8 else 0) lor pick [ 0; 0; 2; 3; 0x10 ] in
  let guid () = maybe 60 (fun () -> if parts <> [] && chance 80 then snd (pick parts) else below (Array.length Names.guids)) in
  let make ?guid ?(data = Nothing) code = { code; flags; mask = mask (); trustee = Some (trustee_among mine); guid; data } in
  let opaque code data = { code; flags; mask = 0; trustee = None; guid = None; data = Bytes data } in
  let words most = String.concat "" (many most (fun () -> Bytes_of.little 4 (mask ()))) in
  let given () = Condition (condition 2) in
  let object_entry code = make ?guid:(guid ()) code in
  match below (if parts = [] then 24 else 34) with
  | 0 -> opaque (pick [ 0x16; 0x7f; 0xff ]) (words 5)
  | 1 -> opaque 0x04 (words 5)
  | 2 -> make (pick [ 0x02; 0x03; 0x11 ])
  | 3 -> object_entry 0x05
  | 4 -> object_entry 0x06
  | 5 -> make (pick [ 0x09; 0x0a ]) ~data:(Bytes ("none" ^ words 1))
  | 6 -> make (pick [ 0x09; 0x0a ])
  | 7 | 8 | 9 -> make 0x09 ~data:(given ())
  | 10 | 11 -> make 0x0a ~data:(given ())
  | 12 -> make ?guid:(guid ()) (pick [ 0x0b; 0x0c ]) ~data:(given ())
  | 13 | 14 | 15 | 16 -> make 0x01
  | 24 | 25 | 26 | 27 -> object_entry 0x06
  | 28 | 29 | 30 | 31 | 32 -> object_entry 0x05
  | 33 -> make ?guid:(guid ()) (pick [ 0x0b; 0x0c ]) ~data:(given ())
  | _ -> make 0x00

(* SACLs *)
let levels = [ 0; 0x1000; 0x2000; 0x3000; 0x4000 ]

let system_entry () =
  let inherit_only = chance 15 in
  match below 40 with
  | 0 -> if chance 30 then Unknown { inherit_only; code = pick [ 0x16; 0x7f ] } else Audit (sid ())
  | 1 -> if chance 30 then TrustLabel { inherit_only } else Audit (sid ())
  | 2 -> if chance 30 then Filter { inherit_only; condition = condition 1 } else Audit (sid ())
  | 3 | 4 -> Policy { inherit_only; id = 1 + below 2 }
  | n when n < 16 -> Label { inherit_only; level = (if chance 90 then Some (pick levels) else None); policy = below 8 }
  | _ -> resource_attribute ()

let sacl () = if chance 50 then [] else List.init (1 + below 3) (fun _ -> system_entry ())

let descriptor mine parts =
  let dacl = match below 30 with 0 -> Absent | 1 -> Null | _ -> Entries (many 6 (fun () -> entry mine parts)) in
  { owner = maybe 85 (fun () -> trustee_among mine); group = maybe 50 account; dacl; sacl = sacl () }

(* Callers *)
let rec distinct = function [] -> [] | (s, deny_only) :: rest -> (s, deny_only) :: distinct (List.filter (fun (t, _) -> t <> s) rest)

let rec group_sid () = match sid () with
  | AllPackages | AllRestrictedPackages | Package _ | Capability _ -> group_sid ()
  | other -> other

let container () =
  let capability () = if chance 70 then Model.Capability (Numbers.n (below 2)) else Model.Account (Numbers.n 7) in
  { package = Model.Package (Numbers.n (below 2)); capabilities = many 2 capability; lpac = chance 30 }

let caller () =
  { user = account ();
    user_deny_only = chance 8;
    groups = distinct (many 4 (fun () -> group_sid (), chance 25));
    groups_complete = chance 75;
    device_groups = many 2 account;
    user_claims = claims ();
    device_claims = (if chance 50 then claims () else []);
    claims_complete = chance 75;
    privileges = (if chance 60 then [] else List.filter (fun _ -> chance 30) [ Security; Backup; Restore; TakeOwnership; Relabel; ChangeNotify ]);
    level = (if chance 40 then pick levels else 0x2000);
    container = maybe 12 container;
    restricting = maybe 15 (fun () -> List.init (1 + below 3) (fun _ -> sid ()), chance 40);
    self = maybe 40 account }

let sids_of c =
  let restricting = match c.restricting with Some (sids, _) -> sids | None -> [] in
  let container = match c.container with Some { package; capabilities; _ } -> package :: package :: capabilities | None -> [] in
  (c.user :: c.user :: List.map fst c.groups) @ restricting @ container

(* Parts of objects: a root, and nodes at the levels 1 to 3, each at most one below the one before. *)
let parts () =
  if chance 75 then []
  else
    let rec shuffled = function [] -> [] | list -> let one = pick list in one :: shuffled (List.filter (( <> ) one) list) in
    let guids = shuffled (List.init (Array.length Names.guids) Fun.id) in
    let count = 1 + below (List.length guids) in
    let rec nodes before = function
      | [] -> []
      | guid :: rest -> let level = 1 + below (min 3 (before + 1)) in (level, guid) :: nodes level rest in
    match List.filteri (fun i _ -> i < count) guids with
    | [] -> []
    | root :: rest -> (0, root) :: nodes 0 rest

let mapping () =
  let right () = mask () land 0x0dffffff in
  match below 10 with
  | 0 | 1 | 2 -> None_
  | 3 | 4 | 5 -> Named "file"
  | 6 -> Named "key"
  | 7 | 8 -> Named "ds"
  | _ -> Rights (right (), right (), right (), right ())

let desired () =
  match below 32 with
  | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 -> 0x2000000
  | 8 | 9 -> 0x2000000 lor mask ()
  | 10 -> 0x1000000 lor mask ()
  | 11 -> 0
  | n when n < 22 -> mask ()
  | _ -> pick [ 1; 2; 4; 8; 0x10; 0x20000; 0x40000; 0x10000; 0x80000 ]

(* Central policies *)
let rec text_entry mine = let e = entry mine [] in if Text_of.entry e = None then text_entry mine else e
let rule mine = { applies_to = maybe 60 (fun () -> condition 2); effective = many 3 (fun () -> text_entry mine) }

let policies mine =
  let policy id = { id; rules = List.init (1 + below 2) (fun _ -> rule mine) } in
  List.map policy (subset [ 1; 2 ])

(* Layers *)
let rec text_descriptor mine =
  let d = descriptor mine [] in
  if Text_of.descriptor d = None then text_descriptor mine else d

(* Around a file, most descriptors grant something. *)
let around mine =
  let d = text_descriptor mine in
  let open_to_all = { code = 0; flags = 0; mask = 0x1f01ff; trustee = Some (trustee_among mine); guid = None; data = Nothing } in
  match d.dacl with
  | Entries entries when chance 70 -> { d with dacl = Entries (entries @ [ open_to_all ]) }
  | Entries _ | Absent | Null -> d

let dispositions = LayersFiles.[ OpenIt; OpenIt; OpenIt; CreateIt; OpenIf; Overwrite; OverwriteIf; Supersede ]

let file mine =
  let around () = around mine in
  let kind = pick [ "file"; "file"; "directory"; "share" ] in
  let parent = maybe 60 around in
  let rename = maybe 15 (fun () ->
    { new_parent = around (); target = maybe 50 around; target_read_only = chance 10; target_directory = chance 10 }) in
  let disposition = if rename = None then pick dispositions else OpenIt in
  { kind;
    share = (if kind = "share" then Some (around ()) else maybe 15 around);
    volume_guard = maybe 10 around;
    ancestors = (if chance 70 then [] else many 2 around);
    parent;
    disposition;
    is_new = (disposition = CreateIt && parent <> None && chance 80);
    read_only = chance 15;
    directory = kind = "directory" || chance 10;
    delete_on_close = (rename = None && chance 10);
    rename }

let layers mine =
  match below 24 with
  | 0 | 1 | 2 | 3 -> File (file mine)
  | 4 -> pick [ Listing; MaximalAccess ]
  | 5 -> let key_parent = maybe 60 (fun () -> around mine) in Key { key_parent; creates = (key_parent <> None && chance 40); backs_up = chance 30 }
  | _ -> NoLayers

let demands () = { owner_required = chance 30; group_required = chance 30 }

(* Questions with parts have no policies, and those with layers have neither parts nor a mapping of their own. *)
let rec question () =
  let caller = caller () in
  let mine = sids_of caller in
  let layers = layers mine in
  let parts = if layers = NoLayers then parts () else [] in
  let policies = if parts = [] && layers <> Listing && chance 12 then Some (policies mine) else None in
  let policies = match layers with Key _ -> None | _ -> policies in
  let mapping = if layers = NoLayers then mapping () else None_ in
  let desired = match layers with
    | Listing -> 0x20089
    | MaximalAccess -> 0x2000000
    | File { rename = Some _; _ } -> 0x10000
    | NoLayers when mapping = None_ && chance 95 -> desired () land 0x0fffffff
    | NoLayers | File _ | Key _ -> desired () in
  let has_intents = match layers with NoLayers | File _ -> true | Listing | MaximalAccess | Key _ -> false in
  let caller = if layers = NoLayers then caller else { caller with self = None } in
  let q =
    { descriptor = descriptor mine parts; layers; policies; form = (if chance 50 then Text else Hex); caller; desired; mapping; parts;
      backup_intent = has_intents && chance 30; restore_intent = has_intents && chance 30 } in
  match Line.of_question q with Some line -> q, line | None -> question ()
