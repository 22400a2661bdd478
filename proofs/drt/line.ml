(* A question as a line of `sddl-authz check --lines`. *)
open Question

let quoted text =
  if not (String.contains text '"' || String.contains text '\\') then "\"" ^ text ^ "\""
  else begin
    let written = Buffer.create (2 * String.length text) in
    let add c = if c = '"' || c = '\\' then Buffer.add_char written '\\'; Buffer.add_char written c in
    Buffer.add_char written '"';
    String.iter add text;
    Buffer.add_char written '"';
    Buffer.contents written
  end

let list write items = "[" ^ String.concat "," (List.map write items) ^ "]"
let sid s = quoted (Names.sid s)
let object_ fields = "{" ^ String.concat "," (List.filter (fun field -> field <> "") fields) ^ "}"
let key name value = quoted name ^ ":" ^ value
let flag name given = if given then key name "true" else ""
let optional name write = function Some value -> key name (write value) | None -> ""
let unless_empty name write items = if items = [] then "" else key name (list write items)

let claim c =
  let kind, values = match c.values with
    | Signed l -> "int", List.map string_of_int l
    | Unsigned l -> "uint", List.map string_of_int l
    | Strings l -> "string", List.map quoted l
    | Sids l -> "sid", List.map sid l
    | Bools l -> "bool", List.map string_of_bool l
    | OctetStrings l -> "octets", List.map (fun bytes -> quoted (Text_of.hex bytes)) l in
  object_ [ key "name" (quoted c.name); key "type" (quoted kind); key "values" (list Fun.id values) ]

let group (s, deny_only) = if deny_only then object_ [ key "sid" (sid s); flag "deny_only" true ] else sid s

let privilege = function
  | Security -> "SeSecurityPrivilege"
  | Backup -> "SeBackupPrivilege"
  | Restore -> "SeRestorePrivilege"
  | TakeOwnership -> "SeTakeOwnershipPrivilege"
  | Relabel -> "SeRelabelPrivilege"
  | ChangeNotify -> "SeChangeNotifyPrivilege"

let container c =
  object_ [ key "package" (sid c.package); unless_empty "capabilities" sid c.capabilities; flag "lpac" c.lpac ]

let caller (c : caller) =
  let claims = [ unless_empty "user" claim c.user_claims; unless_empty "device" claim c.device_claims ] in
  object_
    [ key "user" (sid c.user);
      flag "user_deny_only" (c.user_deny_only && not (List.mem_assoc c.user c.groups));
      unless_empty "groups" group c.groups;
      flag "groups_incomplete" (not c.groups_complete);
      unless_empty "device_groups" sid c.device_groups;
      (if List.for_all (( = ) "") claims then "" else key "claims" (object_ claims));
      flag "claims_incomplete" (not c.claims_complete);
      unless_empty "privileges" (fun p -> quoted (privilege p)) c.privileges;
      key "integrity" (quoted (Printf.sprintf "S-1-16-%d" c.level));
      optional "appcontainer" container c.container;
      (match c.restricting with
       | Some (sids, writing) -> key "restricting" (list sid sids) ^ if writing then "," ^ flag "write_restricted" true else ""
       | None -> "");
      optional "self" sid c.self ]

let mapping = function
  | None_ -> ""
  | Named name -> key "mapping" (quoted name)
  | Rights (r, w, x, a) ->
    let right name bits = key name (string_of_int bits) in
    key "mapping" (object_ [ right "r" r; right "w" w; right "x" x; right "a" a ])

let part (level, guid) = quoted (Printf.sprintf "%d:%s" level Names.guids.(guid))

let bytes d =
  let system = List.map Bytes_of.system d.sacl in
  Option.map (Bytes_of.descriptor d) (Text_of.all_or_none system)

(* In the form that is asked for, or in the other one if that can't say it. *)
let descriptor form d =
  let text () = Option.map (fun text -> key "sddl" (quoted text)) (Text_of.descriptor d) in
  let hex () = Option.map (fun bytes -> key "hex" (quoted (Text_of.hex bytes))) (bytes d) in
  let first, other = match form with Text -> text, hex | Hex -> hex, text in
  match first () with Some written -> Some written | None -> other ()

(* These descriptors are written as text only. *)
let sddl d = match Text_of.descriptor d with Some text -> quoted text | None -> raise Not_found

let rule r =
  object_ [ optional "applies_to" (fun c -> quoted (Text_of.condition c)) r.applies_to;
            key "effective" (sddl { owner = None; group = None; dacl = Entries r.effective; sacl = [] }) ]

let policy p = object_ [ key "sid" (quoted (Printf.sprintf "S-1-17-%d" p.id)); key "rules" (list rule p.rules) ]

let disposition d = quoted (match d with
  | LayersFiles.OpenIt -> "open" | CreateIt -> "create" | OpenIf -> "open_if" | Overwrite -> "overwrite"
  | OverwriteIf -> "overwrite_if" | Supersede -> "supersede")

let attributes read_only directory = object_ [ flag "readonly" read_only; flag "directory" directory ]

let file f =
  let renamed r =
    [ key "new_parent_sddl" (sddl r.new_parent); optional "target_sddl" sddl r.target;
      (if r.target = None then "" else key "target_attributes" (attributes r.target_read_only r.target_directory)) ] in
  [ key "kind" (quoted f.kind); optional "share_sddl" sddl f.share; optional "volume_guard" sddl f.volume_guard;
    unless_empty "ancestors" sddl f.ancestors; optional "parent_sddl" sddl f.parent;
    key "attributes" (attributes f.read_only f.directory);
    (if f.rename = None then key "disposition" (disposition f.disposition) else "");
    flag "delete_on_close" f.delete_on_close ]
  @ Option.fold ~none:[] ~some:renamed f.rename

let registry_key k =
  [ key "kind" (quoted "key"); optional "parent_sddl" sddl k.key_parent; flag "backup_intent" k.backs_up;
    (if k.creates then key "disposition" (disposition CreateIt) else "") ]

let around q =
  let fields = match q.layers with
    | NoLayers -> []
    | File f -> file f
    | Listing -> [ key "kind" (quoted "access-based-enumeration") ]
    | MaximalAccess -> [ key "kind" (quoted "smb-maximal-access") ]
    | Key k -> registry_key k in
  match fields @ [ optional "policies" (list policy) q.policies ] with
  | [ "" ] -> ""
  | fields -> key "object" (object_ fields)

let is_new q = match q.layers with
  | File { is_new; _ } -> is_new
  | Key { creates; _ } -> creates
  | NoLayers | Listing | MaximalAccess -> false

(* [None] if no line can say it. *)
let of_question q =
  let line written =
    object_
      [ written; key "caller" (caller q.caller); key "desired" (quoted (Printf.sprintf "0x%x" q.desired)); mapping q.mapping;
        unless_empty "objects" part q.parts; around q; flag "backup_intent" q.backup_intent; flag "restore_intent" q.restore_intent ] in
  match Option.map line (if is_new q then Some (key "sddl" "null") else descriptor q.form q.descriptor) with
  | line -> line
  | exception Not_found -> None
