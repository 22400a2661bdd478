(* A question in the words of the model, and the model's answer. *)
open Question
open Numbers

let text t = List.map n (Utf.units t)
let octets bytes = List.map (fun c -> n (Char.code c)) (List.of_seq (String.to_seq bytes))

let literal = function
  | Int value -> Values.NumberValue (z value)
  | String t -> Values.TextValue (text t)
  | Sid s -> Values.SidValue s
  | Octets bytes -> Values.BytesValue (octets bytes)

let operand = function
  | Literal value -> Conditions.LiteralToken (literal value)
  | Composite values -> Conditions.CompositeToken (List.map literal values)
  | Attribute (class_, name) -> Conditions.AttributeToken (class_, text name)

let rec tokens expression =
  let op operator = Conditions.OperatorToken operator in
  match expression with
  | Relation (operator, left, right) -> [ operand (Attribute left); operand right; op operator ]
  | Membership (operator, groups) -> [ operand groups; op operator ]
  | Existence (operator, a) -> [ operand (Attribute a); op operator ]
  | Alone a -> [ operand (Attribute a) ]
  | And (left, right) -> tokens left @ tokens right @ [ op OpAnd ]
  | Or (left, right) -> tokens left @ tokens right @ [ op OpOr ]
  | Not inner -> tokens inner @ [ op OpNot ]

let condition expression = { Conditions.tokens = tokens expression; bytes_left = false }

let claim (c : claim) =
  let values = match c.values with
    | Signed l | Unsigned l -> Values.Numbers (List.map z l)
    | Strings l -> Texts (List.map text l)
    | Sids l -> Sids l
    | Bools l -> Bools l
    | OctetStrings l -> ByteStrings (List.map octets l) in
  let has bits = c.flags land bits <> 0 in
  ( text c.name,
    { Values.claim_values_of = values; case_sensitive = has 2; claim_deny_only = has 4; claim_disabled = has 0x18 } )

(* The effects of the types of entries: [MS-DTYP] 2.4.4.1. *)
let kind code : Model.kind = match code with
  | 0x00 | 0x04 | 0x05 | 0x09 | 0x0b -> KAllow
  | 0x01 | 0x06 | 0x0a | 0x0c -> KDeny
  | _ when code <= 0x15 -> KSystem
  | _ -> KUnknown

let entry (e : entry) =
  { Model.a_kind = kind e.code;
    a_callback = Text_of.is_callback e.code;
    a_inherit_only = e.flags land 8 <> 0;
    a_mask = n e.mask;
    a_trustee = e.trustee;
    a_object = (if Bytes_of.has_guids e.code then Option.map n e.guid else None);
    a_data =
      (match e.data with
       | Nothing -> NoData
       | Condition expression -> Conditional (condition expression)
       | Bytes _ -> if e.trustee = None then NoData else Opaque) }

let system (s : system) =
  let make inherit_only kind = { Model.s_kind = kind; s_inherit_only = inherit_only } in
  match s with
  | Label { inherit_only; level; policy } -> make inherit_only (MandatoryLabel (Option.map n level, n policy))
  | ResourceAttribute _ | Audit _ -> make false OtherSystem
  | Policy { inherit_only; _ } -> make inherit_only ScopedPolicy
  | TrustLabel { inherit_only } -> make inherit_only ProcessTrustLabel
  | Filter { inherit_only; _ } -> make inherit_only AccessFilter
  | Unknown { inherit_only; _ } -> make inherit_only UnknownSystem

let descriptor (d : descriptor) =
  { Model.owner = d.owner;
    has_group = d.group <> None;
    dacl = (match d.dacl with Absent | Null -> None | Entries entries -> Some (List.map entry entries));
    sacl = List.map system d.sacl }

let container c = { Model.package = c.package; capabilities = c.capabilities; low_privilege = c.lpac }

(* A user among its groups counts as they do. The level of an app container is Low at most. *)
let caller (c : caller) =
  let holds privilege = List.mem privilege c.privileges in
  { Model.user = c.user;
    user_deny_only = (match List.assoc_opt c.user c.groups with Some deny_only -> deny_only | None -> c.user_deny_only);
    groups = c.groups;
    groups_complete = c.groups_complete;
    ruled_out = [];
    restriction = c.restricting;
    container = Option.map container c.container;
    holds_security = holds Security;
    holds_backup = holds Backup;
    holds_restore = holds Restore;
    holds_take_ownership = holds TakeOwnership;
    holds_relabel = holds Relabel;
    level = n (if c.container = None then c.level else min c.level 0x1000);
    no_write_up = true }

let claims (c : caller) =
  { Facts.user_claims = List.map claim c.user_claims;
    device_claims = List.map claim c.device_claims;
    local_claims = [];
    claims_complete = c.claims_complete;
    device_groups = c.device_groups }

let rights (r, w, x, a) = { Model.map_read = n r; map_write = n w; map_execute = n x; map_all = n a }

(* The mappings of the Windows headers: winnt.h, winsvc.h, and [MS-ADTS] for directories. *)
let mapping = function
  | None_ -> None
  | Named "file" -> Some (rights (0x120089, 0x120116, 0x1200a0, 0x1f01ff))
  | Named "key" -> Some (rights (0x20019, 0x20006, 0x20019, 0xf003f))
  | Named "ds" -> Some (rights (0x20094, 0x20028, 0x20004, 0xf01ff))
  | Named name -> invalid_arg name
  | Rights (r, w, x, a) -> Some (rights (r, w, x, a))

let fold unit = n (Utf.upper (int unit))

let resource (d : descriptor) = List.filter_map (function ResourceAttribute c -> Some (claim c) | _ -> None) d.sacl

(* The question about one descriptor. *)
let about demands (q : Question.t) (d : descriptor) desired mapping backup_intent restore_intent =
  let asker = caller q.caller in
  { Model.q_descriptor = descriptor d;
    q_caller = asker;
    q_desired = desired;
    q_options =
      { o_mapping = mapping;
        principal_self = q.caller.self;
        refuse_unprotected = false;
        skip_unknown_types = false;
        require_owner = demands.owner_required;
        require_group = demands.group_required;
        skip_system_policies = false;
        backup_intent;
        restore_intent };
    q_part = None;
    q_evaluates_policies = q.policies <> None;
    q_verdict = (fun for_deny -> Facts.verdict_of fold asker (claims q.caller) (resource d) for_deny) }

let question demands (q : Question.t) =
  about demands q q.descriptor (n q.desired) (mapping q.mapping) q.backup_intent q.restore_intent

(* Central policies *)
let rule (r : rule) =
  { CentralPolicies.rule_applies_to = Option.map condition r.applies_to; effective = List.map entry r.effective; staged = None }

let policy (p : policy) = { CentralPolicies.policy_number = n p.id; rules = List.map rule p.rules }

let named (d : descriptor) =
  let number = function Policy { inherit_only = false; id } -> Some id | _ -> None in
  match List.find_map number d.sacl with Some id -> CentralPolicies.Names (n id) | None -> NoPolicy

let recovery = CentralPolicies.recovery_rule (Account (n 3)) (Account (n 6))

let check (q : Question.t) (d : descriptor) question =
  match q.policies with
  | None -> Model.check question
  | Some policies ->
    let asker = caller q.caller and known = claims q.caller in
    let facts = Facts.facts fold asker known (resource d) in
    let scope = CentralPolicies.scope fold facts (Facts.is_knowable asker known) in
    CentralPolicies.check_with_policies scope recovery question (named d) (List.map policy policies)

(* Layers *)
let has_privilege (q : Question.t) privilege = List.mem privilege q.caller.privileges

let file_access (q : Question.t) (f : file) =
  { LayersFiles.f_desired = n q.desired;
    share = f.share;
    volume_guard = f.volume_guard;
    ancestors = f.ancestors;
    parent = f.parent;
    f_disposition = f.disposition;
    read_only = f.read_only;
    is_directory = f.directory || f.kind = "directory";
    delete_on_close = f.delete_on_close;
    f_backup = q.backup_intent;
    f_restore = q.restore_intent;
    has_change_notify = has_privilege q ChangeNotify;
    has_take_ownership = has_privilege q TakeOwnership;
    has_security = has_privilege q Security;
    has_backup = has_privilege q Backup;
    has_restore = has_privilege q Restore;
    is_contained = q.caller.container <> None }

let plain_file =
  { kind = "file"; share = None; volume_guard = None; ancestors = []; parent = None; disposition = OpenIt; is_new = false;
    read_only = false; directory = false; delete_on_close = false; rename = None }

let ask_file demands q d desired backup restore = check q d (about demands q d desired (mapping (Named "file")) backup restore)

let file demands (q : Question.t) (f : file) =
  let access = file_access q f and ask = ask_file demands q in
  match f.rename with
  | Some r ->
    let rename =
      { LayersFiles.new_parent = r.new_parent; target = r.target; target_read_only = r.target <> None && r.target_read_only;
        target_is_directory = r.target <> None && r.target_directory } in
    LayersFiles.rename_file ask access rename q.descriptor
  | None when f.is_new -> LayersFiles.create_file ask access
  | None -> LayersFiles.open_file ask access q.descriptor

let key demands (q : Question.t) (k : key) =
  let counts privilege = q.caller.container = None && has_privilege q privilege in
  let access =
    { LayersKeys.k_desired = n q.desired; k_parent = k.key_parent; is_link = false; backup_restore = k.backs_up;
      k_security = counts Security; k_backup = counts Backup; k_restore = counts Restore } in
  let ask d desired = check q d (about demands q d desired (mapping (Named "key")) false false) in
  if k.creates then LayersKeys.create_key ask access else LayersKeys.open_key ask access q.descriptor

(* [None] for an object without layers. *)
let layered demands (q : Question.t) =
  let plain ask = Some (ask (ask_file demands q) (file_access q plain_file) q.descriptor) in
  match q.layers with
  | NoLayers -> None
  | File f -> Some (file demands q f)
  | Listing -> plain LayersFiles.list_file
  | MaximalAccess -> plain LayersFiles.maximal_access
  | Key k -> Some (key demands q k)
