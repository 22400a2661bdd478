(* A question about one object, as it is before it is written as a line of JSON or given to the model. *)

type sid = Model.sid

type class_ = Conditions.attribute_class
type literal = Int of int | String of string | Sid of sid | Octets of string
type attribute = class_ * string
type operand = Literal of literal | Composite of literal list | Attribute of attribute

type expression =
  | Relation of Conditions.operator * attribute * operand
  | Membership of Conditions.operator * operand
  | Existence of Conditions.operator * attribute
  | Alone of attribute
  | And of expression * expression
  | Or of expression * expression
  | Not of expression

type values =
  | Signed of int list
  | Unsigned of int list
  | Strings of string list
  | Sids of sid list
  | Bools of bool list
  | OctetStrings of string list

type claim = { name : string; flags : int; values : values }

(* The data after the SID of an entry. *)
type data = Nothing | Condition of expression | Bytes of string

type entry = {
  code : int; (* of the type *)
  flags : int;
  mask : int;
  trustee : sid option; (* not for types without one *)
  guid : int option;
  data : data }

type system =
  | Label of { inherit_only : bool; level : int option; policy : int } (* without a level: for a SID of another kind *)
  | ResourceAttribute of claim
  | Policy of { inherit_only : bool; id : int }
  | TrustLabel of { inherit_only : bool }
  | Filter of { inherit_only : bool; condition : expression }
  | Unknown of { inherit_only : bool; code : int }
  | Audit of sid

type dacl = Absent | Null | Entries of entry list

type descriptor = {
  owner : sid option;
  group : sid option;
  dacl : dacl;
  sacl : system list }

type container = { package : sid; capabilities : sid list; lpac : bool }
type privilege = Security | Backup | Restore | TakeOwnership | Relabel | ChangeNotify

type caller = {
  user : sid;
  user_deny_only : bool;
  groups : (sid * bool) list; (* whether for Deny entries alone *)
  groups_complete : bool;
  device_groups : sid list;
  user_claims : claim list;
  device_claims : claim list;
  claims_complete : bool;
  privileges : privilege list;
  level : int;
  container : container option;
  restricting : (sid list * bool) option; (* whether for writing alone *)
  self : sid option }

type mapping = None_ | Named of string | Rights of int * int * int * int

(* The demands of the command line, which are the same for a file of lines. *)
type demands = { owner_required : bool; group_required : bool }

type form = Text | Hex

(* Central policies of the machine. *)
type rule = { applies_to : expression option; effective : entry list }
type policy = { id : int; rules : rule list }

type rename = { new_parent : descriptor; target : descriptor option; target_read_only : bool; target_directory : bool }

(* A file or a key, with the objects around it. *)
type file = {
  kind : string;
  share : descriptor option;
  volume_guard : descriptor option;
  ancestors : descriptor list;
  parent : descriptor option;
  disposition : LayersFiles.disposition;
  is_new : bool; (* then there is no descriptor *)
  read_only : bool;
  directory : bool;
  delete_on_close : bool;
  rename : rename option }

type key = { key_parent : descriptor option; creates : bool; backs_up : bool }

type layers =
  | NoLayers
  | File of file
  | Listing (* whether a listing shows the file *)
  | MaximalAccess (* that a server reports *)
  | Key of key

type t = {
  descriptor : descriptor;
  layers : layers;
  policies : policy list option; (* [None] if nothing is said of them *)
  form : form;
  caller : caller;
  desired : int;
  mapping : mapping;
  parts : (int * int) list; (* the level and the GUID of each *)
  backup_intent : bool;
  restore_intent : bool }
