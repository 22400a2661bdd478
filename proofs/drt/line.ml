(* A question as a line of `sddl-authz check --lines`. *)
open Question

let quoted text =
  let escaped = function '"' -> "\\\"" | '\\' -> "\\\\" | c -> String.make 1 c in
  "\"" ^ String.concat "" (List.map escaped (List.of_seq (String.to_seq text))) ^ "\""

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

(* [None] if neither form can say it. *)
let of_question q =
  let line written =
    object_
      [ written; key "caller" (caller q.caller); key "desired" (quoted (Printf.sprintf "0x%x" q.desired)); mapping q.mapping;
        unless_empty "objects" part q.parts; flag "backup_intent" q.backup_intent; flag "restore_intent" q.restore_intent ] in
  Option.map line (descriptor q.form q.descriptor)
