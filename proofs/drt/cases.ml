(* Small questions, each with a name that says what it shows. *)
open Conditions
open Question

let account i = Model.Account (Numbers.n i)
let me = account 0
let other = account 1
let group = account 2
let administrators = account 3
let everyone = account 4
let package = Model.Package (Numbers.n 0)
let capability = Model.Capability (Numbers.n 0)
let owner_rights = Model.OwnerRights
let maximum = 0x2000000
let read_control = 0x20000
let write_dac = 0x40000
let write_owner = 0x80000
let system_security = 0x1000000
let generic_read = 0x80000000
let generic_write = 0x40000000

(* Entries *)
let entry ?(flags = 0) ?guid ?(data = Nothing) code trustee mask = { code; flags; mask; trustee = Some trustee; guid; data }
let allow ?flags trustee mask = entry ?flags 0x00 trustee mask
let deny ?flags trustee mask = entry ?flags 0x01 trustee mask
let allow_if condition trustee mask = entry 0x09 trustee mask ~data:(Condition condition)
let deny_if condition trustee mask = entry 0x0a trustee mask ~data:(Condition condition)
let opaque code = { code; flags = 0; mask = 0; trustee = None; guid = None; data = Bytes "" }
let inherit_only = 8

(* Conditions *)
let user name = UserClass, name
let equal ?(class_ = UserClass) name value = Relation (OpEqual, (class_, name), Literal (Int value))
let member_of sids = Membership (OpMemberOf, Composite (List.map (fun s -> Sid s) sids))
let ints name values = { name; flags = 0; values = Signed values }

(* Questions *)
let plain =
  { user = me; user_deny_only = false; groups = []; groups_complete = true; device_groups = []; user_claims = []; device_claims = [];
    claims_complete = true; privileges = []; level = 0x2000; container = None; restricting = None; self = None }

let in_groups ?(caller = plain) groups = { caller with groups = List.map (fun s -> s, false) groups }
let deny_only ?(caller = plain) groups = { caller with groups = List.map (fun s -> s, true) groups }
let with_privileges privileges = { plain with privileges }
let at_level level = { plain with level }
let restricted ?(caller = plain) ?(writing = false) sids = { caller with restricting = Some (sids, writing) }
let contained ?(caller = plain) ?(lpac = false) capabilities = { caller with container = Some { package; capabilities; lpac } }
let incomplete = { plain with groups_complete = false }
let claims_incomplete = { plain with claims_complete = false }

let about ?owner ?group ?(sacl = []) ?(caller = plain) ?(mapping = None_) ?(parts = []) ?(backup = false) ?(restore = false)
    ?(form = Text) ?(layers = NoLayers) ?policies dacl desired =
  { descriptor = { owner; group; dacl; sacl }; layers; policies; form; caller; desired; mapping; parts; backup_intent = backup; restore_intent = restore }

let ask ?owner ?group ?sacl ?caller ?mapping ?parts ?backup ?restore ?form ?layers ?policies entries desired =
  about ?owner ?group ?sacl ?caller ?mapping ?parts ?backup ?restore ?form ?layers ?policies (Entries entries) desired

let file = Named "file"
let label ?(inherit_only = false) level policy = Label { inherit_only; level = Some level; policy }
let low = 0x1000
let high = 0x3000

let entries =
  [ "an Allow entry for the user grants its rights", ask [ allow me 1 ] 1;
    "an Allow entry grants no right that it does not have", ask [ allow me 1 ] 3;
    "an Allow entry for somebody else grants nothing", ask [ allow other 1 ] 1;
    "an Allow entry for a group of the caller grants its rights", ask ~caller:(in_groups [ group ]) [ allow group 1 ] 1;
    "two Allow entries together grant what each grants", ask [ allow me 1; allow me 2 ] 3;
    "a Deny entry before an Allow entry refuses", ask [ deny me 1; allow me 1 ] 1;
    "a Deny entry after an Allow entry is too late", ask [ allow me 1; deny me 1 ] 1;
    "a Deny entry of another right refuses nothing", ask [ deny me 2; allow me 1 ] 1;
    "a Deny entry for a group of the caller refuses", ask ~caller:(in_groups [ group ]) [ deny group 1; allow me 1 ] 1;
    "a group for Deny entries alone refuses", ask ~caller:(deny_only [ group ]) [ deny group 1; allow me 1 ] 1;
    "a group for Deny entries alone grants nothing", ask ~caller:(deny_only [ group ]) [ allow group 1 ] 1;
    "a user for Deny entries alone is granted nothing", ask ~caller:{ plain with user_deny_only = true } [ allow me 1 ] 1;
    "a user for Deny entries alone is refused", 
      ask ~caller:{ (in_groups [ group ]) with user_deny_only = true } [ deny me 1; allow group 1 ] 1;
    "an inherit-only Allow entry grants nothing", ask [ allow ~flags:inherit_only me 1 ] 1;
    "an inherit-only Deny entry refuses nothing", ask [ deny ~flags:inherit_only me 1; allow me 1 ] 1;
    "an inherited entry counts as one of the object", ask [ allow ~flags:0x10 me 1 ] 1;
    "an entry of an unknown type denies all that is not settled before it", ask ~form:Hex [ opaque 0x7f; allow me 1 ] 1;
    "an entry of an unknown type denies nothing that is settled before it", ask ~form:Hex [ allow me 1; opaque 0x7f ] 1;
    "an inherit-only entry of an unknown type denies nothing",
      ask ~form:Hex [ { (opaque 0x7f) with flags = inherit_only }; allow me 1 ] 1;
    "the compound entry grants and refuses nothing", ask ~form:Hex [ opaque 0x04; allow me 1 ] 1;
    "an audit entry in a DACL grants and refuses nothing", ask ~form:Hex [ entry 0x02 me 1; allow me 2 ] 3;
    "a callback Allow without a condition grants nothing", ask ~form:Hex [ entry 0x09 me 1 ] 1;
    "a callback Deny without a condition refuses", ask ~form:Hex [ entry 0x0a me 1; allow me 1 ] 1;
    "a callback Allow with other data grants nothing", ask ~form:Hex [ entry 0x09 me 1 ~data:(Bytes "none") ] 1;
    "a callback Deny with other data refuses", ask ~form:Hex [ entry 0x0a me 1 ~data:(Bytes "none"); allow me 1 ] 1;
    "an object Allow without a GUID counts as a plain one", ask [ entry 0x05 me 1 ] 1;
    "an object Deny without a GUID counts as a plain one", ask [ entry 0x06 me 1; allow me 1 ] 1;
    "an object Allow with a GUID grants nothing if no parts are asked about", ask [ entry 0x05 me 1 ~guid:0 ] 1;
    "an object Deny with a GUID refuses if no parts are asked about", ask [ entry 0x06 me 1 ~guid:0; allow me 1 ] 1 ]

let trustees =
  [ "CREATOR OWNER is nobody", ask ~owner:me [ allow CreatorOwner 1 ] 1;
    "CREATOR GROUP is nobody", ask ~group:me [ allow CreatorGroup 1 ] 1;
    "a Deny entry for CREATOR OWNER refuses nothing", ask ~owner:me [ deny CreatorOwner 1; allow me 1 ] 1;
    "PRINCIPAL SELF is the principal of the object", ask ~caller:{ plain with self = Some me } [ allow PrincipalSelf 1 ] 1;
    "PRINCIPAL SELF is nobody if the object has no principal", ask [ allow PrincipalSelf 1 ] 1;
    "a Deny entry for PRINCIPAL SELF refuses the principal",
      ask ~caller:{ plain with self = Some me } [ deny PrincipalSelf 1; allow me 1 ] 1;
    "OWNER RIGHTS is the owner", ask ~owner:me [ allow owner_rights 1 ] 1;
    "OWNER RIGHTS is nobody else", ask ~owner:other [ allow owner_rights 1 ] 1;
    "OWNER RIGHTS is nobody if the object has no owner", ask [ allow owner_rights 1 ] 1;
    "a caller that claims a placeholder as its group is not in it", ask ~caller:(in_groups [ OwnerRights ]) [ allow owner_rights 1 ] 1 ]

let owners =
  [ "the owner may read the descriptor and write the DACL", ask ~owner:me [] (read_control lor write_dac);
    "the owner may not write the owner", ask ~owner:me [] write_owner;
    "a group of the caller may be the owner", ask ~owner:administrators ~caller:(in_groups [ administrators ]) [] write_dac;
    "a group for Deny entries alone is no owner", ask ~owner:administrators ~caller:(deny_only [ administrators ]) [] write_dac;
    "somebody else has no rights of the owner", ask ~owner:other [] read_control;
    "an entry for OWNER RIGHTS replaces the implicit rights", ask ~owner:me [ allow owner_rights 1 ] write_dac;
    "a Deny entry for OWNER RIGHTS replaces them, too", ask ~owner:me [ deny owner_rights 1 ] read_control;
    "an inherit-only entry for OWNER RIGHTS replaces nothing", ask ~owner:me [ allow ~flags:inherit_only owner_rights 1 ] write_dac;
    "an entry of an unknown type may be for OWNER RIGHTS", ask ~form:Hex ~owner:me [ opaque 0x7f ] write_dac;
    "the implicit rights come before a Deny entry", ask ~owner:me [ deny me write_dac ] write_dac;
    "a restricted caller owns by both lists", ask ~owner:me ~caller:(restricted [ me ]) [] write_dac;
    "a restricted caller does not own what its restricting SIDs don't", ask ~owner:me ~caller:(restricted [ other ]) [] write_dac ]

let requests =
  [ "asking for nothing is denied", ask [ allow me 1 ] 0;
    "asking for nothing is denied without a DACL", about ~owner:me Absent 0;
    "an absent DACL grants everybody", about ~owner:me Absent 0x1f;
    "a NULL DACL grants everybody", about ~owner:me Null 0x1f;
    "an empty DACL grants nobody", ask [] 1;
    "the maximum is all that is granted", ask [ allow me 5; deny me 2; allow me 10 ] maximum;
    "the maximum is denied if it is nothing", ask [] maximum;
    "the maximum with a right that is granted", ask [ allow me 3 ] (maximum lor 1);
    "the maximum with a right that is not granted", ask [ allow me 2 ] (maximum lor 1);
    "the maximum of an object without a DACL", about ~owner:me Absent maximum;
    "the maximum of an object without a DACL is that of the mapping", about ~owner:me ~mapping:file Absent maximum;
    "the maximum of the owner has the implicit rights", ask ~owner:me [] maximum;
    "generic rights in an Allow are mapped", ask ~mapping:file [ allow me generic_read ] 0x120089;
    "generic rights in a Deny are mapped", ask ~mapping:file [ deny me generic_write; allow me 3 ] 2;
    "generic rights that are asked for are mapped", ask ~mapping:file [ allow me 0x120089 ] generic_read;
    "a generic right without a mapping can't be asked for", ask [ allow me generic_read ] generic_read;
    "a generic right that the mapping leaves empty can't be asked for", ask ~mapping:(Rights (0, 2, 4, 7)) [ allow me 7 ] generic_read;
    "an Allow of a generic right without a mapping grants nothing", ask [ allow me generic_read ] 1;
    "a Deny of a generic right without a mapping denies everything", ask [ deny me generic_read; allow me 1 ] 1;
    "all four generic rights are mapped", ask ~mapping:(Rights (1, 2, 4, 8)) [ allow me 0xf0000000 ] 15 ]

let privileges =
  [ "ACCESS_SYSTEM_SECURITY needs a privilege", ask [ allow me system_security ] system_security;
    "SeSecurityPrivilege grants ACCESS_SYSTEM_SECURITY", ask ~caller:(with_privileges [ Security ]) [] system_security;
    "SeSecurityPrivilege adds nothing to the maximum", ask ~caller:(with_privileges [ Security ]) [ allow me 1 ] maximum;
    "SeTakeOwnershipPrivilege grants WRITE_OWNER", ask ~caller:(with_privileges [ TakeOwnership ]) [ deny me write_owner ] write_owner;
    "SeTakeOwnershipPrivilege adds nothing to the maximum", ask ~caller:(with_privileges [ TakeOwnership ]) [ allow me 1 ] maximum;
    "SeBackupPrivilege grants reading of a file with the intent",
      ask ~caller:(with_privileges [ Backup ]) ~mapping:file ~backup:true [] 0x120089;
    "SeBackupPrivilege grants nothing without the intent", ask ~caller:(with_privileges [ Backup ]) ~mapping:file [] 1;
    "SeBackupPrivilege grants nothing on an object that is no file",
      ask ~caller:(with_privileges [ Backup ]) ~mapping:(Named "key") ~backup:true [] 1;
    "SeRestorePrivilege grants writing of a file with the intent",
      ask ~caller:(with_privileges [ Restore ]) ~mapping:file ~restore:true [] 0x1f0116;
    "SeRestorePrivilege does not read", ask ~caller:(with_privileges [ Restore ]) ~mapping:file ~restore:true [] 1;
    "an intent without the privilege grants nothing", ask ~mapping:file ~backup:true ~restore:true [] 1 ]

let integrity =
  [ "a caller below the label does not write", ask ~caller:(at_level low) ~mapping:file [ allow me 0x1f01ff ] 2;
    "a caller below the label reads", ask ~caller:(at_level low) ~mapping:file [ allow me 0x1f01ff ] 1;
    "a caller at the label writes", ask ~sacl:[ label low 1 ] ~caller:(at_level low) ~mapping:file [ allow me 2 ] 2;
    "an object without a label is at the level Medium", ask ~caller:(at_level low) ~mapping:file [ allow me 0x10000 ] 0x10000;
    "NO_READ_UP keeps a caller below the label from reading", ask ~sacl:[ label high 3 ] ~mapping:file [ allow me 1 ] 1;
    "NO_EXECUTE_UP keeps a caller below the label from executing", ask ~sacl:[ label high 5 ] ~mapping:file [ allow me 0x20 ] 0x20;
    "a label without a policy keeps a caller below it from writing", ask ~sacl:[ label high 0 ] ~mapping:file [ allow me 2 ] 2;
    "the first label counts", ask ~sacl:[ label low 1; label high 1 ] ~mapping:file [ allow me 2 ] 2;
    "an inherit-only label leaves the level Medium", 
      ask ~sacl:[ label ~inherit_only:true high 1 ] ~mapping:file [ allow me 2 ] 2;
    "a label that is no integrity level is above everybody",
      ask ~sacl:[ Label { inherit_only = false; level = None; policy = 1 } ] ~caller:(at_level 0x4000) ~mapping:file [ allow me 2 ] 2;
    "without a mapping a label leaves READ_CONTROL", ask ~caller:(at_level low) [ allow me 0x20001 ] 0x20000;
    "without a mapping a label leaves no specific right", ask ~caller:(at_level low) [ allow me 1 ] 1;
    "SeRelabelPrivilege lets a caller below the label be granted WRITE_OWNER",
      ask ~caller:{ (at_level low) with privileges = [ Relabel ] } ~mapping:file [ allow me write_owner ] write_owner;
    "a privilege grants in spite of the label",
      ask ~caller:{ (at_level low) with privileges = [ TakeOwnership ] } ~mapping:file [] write_owner;
    "integrity limits the owner", ask ~owner:me ~caller:(at_level low) ~mapping:file [] write_dac;
    "integrity limits an object without a DACL", about ~owner:me ~caller:(at_level low) ~mapping:file Absent 2 ]

let sacls =
  [ "a central policy refuses everything if no policies are given", ask ~sacl:[ Policy { inherit_only = false; id = 1 } ] [ allow me 1 ] 1;
    "an inherit-only central policy refuses nothing", ask ~sacl:[ Policy { inherit_only = true; id = 1 } ] [ allow me 1 ] 1;
    "a trust label refuses everything", ask ~sacl:[ TrustLabel { inherit_only = false } ] [ allow me 1 ] 1;
    "an access filter refuses everything",
      ask ~sacl:[ Filter { inherit_only = false; condition = member_of [ everyone ] } ] [ allow me 1 ] 1;
    "an entry of an unknown type in the SACL refuses everything",
      ask ~form:Hex ~sacl:[ Unknown { inherit_only = false; code = 0x7f } ] [ allow me 1 ] 1;
    "an audit entry in the SACL refuses nothing", ask ~sacl:[ Audit me ] [ allow me 1 ] 1 ]

let restrictions =
  [ "a restricted caller needs a grant in both lists", ask ~caller:(restricted [ group ]) [ allow me 1; allow group 1 ] 1;
    "a restricted caller is refused what the groups alone are granted", ask ~caller:(restricted [ group ]) [ allow me 1 ] 1;
    "a restricted caller is refused what the restricting SIDs alone are granted", ask ~caller:(restricted [ group ]) [ allow group 1 ] 1;
    "a Deny entry for a restricting SID refuses", ask ~caller:(restricted [ group ]) [ deny group 1; allow me 1; allow group 1 ] 1;
    "the maximum of a restricted caller is what both lists have", ask ~caller:(restricted [ group ]) [ allow me 3; allow group 6 ] maximum;
    "a write-restricted caller reads by its groups alone", ask ~caller:(restricted ~writing:true [ group ]) ~mapping:file [ allow me 3 ] 1;
    "a write-restricted caller writes by both lists", ask ~caller:(restricted ~writing:true [ group ]) ~mapping:file [ allow me 3 ] 2;
    "a write-restricted caller without a mapping needs both lists", ask ~caller:(restricted ~writing:true [ group ]) [ allow me 1 ] 1;
    "privileges grant to a restricted caller", ask ~caller:{ (restricted [ group ]) with privileges = [ Security ] } [] system_security;
    "an object without a DACL grants to a restricted caller", about ~owner:me ~caller:(restricted [ group ]) Absent 1;
    "a placeholder among the restricting SIDs is nobody", ask ~owner:me ~caller:(restricted [ OwnerRights ]) [ allow me 1; allow owner_rights 1 ] 1 ]

let containers =
  [ "an app container needs a grant of its own", ask ~caller:(contained []) ~mapping:file [ allow me 1 ] 1;
    "an entry for the package grants to the app container", ask ~caller:(contained []) ~mapping:file [ allow me 1; allow package 1 ] 1;
    "an entry for the package alone is not enough", ask ~caller:(contained []) ~mapping:file [ allow package 1 ] 1;
    "an entry for another package grants nothing",
      ask ~caller:(contained []) ~mapping:file [ allow me 1; allow (Package (Numbers.n 1)) 1 ] 1;
    "an entry for all packages grants to the app container",
      ask ~caller:(contained []) ~mapping:file [ allow me 1; allow AllPackages 1 ] 1;
    "an entry for all packages grants nothing to one of low privilege",
      ask ~caller:(contained ~lpac:true []) ~mapping:file [ allow me 1; allow AllPackages 1 ] 1;
    "an entry for all restricted packages grants to one of low privilege",
      ask ~caller:(contained ~lpac:true []) ~mapping:file [ allow me 1; allow AllRestrictedPackages 1 ] 1;
    "an entry for a capability of the app container grants", 
      ask ~caller:(contained [ capability ]) ~mapping:file [ allow me 1; allow capability 1 ] 1;
    "an entry for a capability that it lacks grants nothing",
      ask ~caller:(contained []) ~mapping:file [ allow me 1; allow capability 1 ] 1;
    "a Deny entry for the package refuses nothing",
      ask ~caller:(contained []) ~mapping:file [ deny package 1; allow me 1; allow package 1 ] 1;
    "a capability that is a group of the user grants to the user alone",
      ask ~caller:(contained ~caller:(in_groups [ account 7 ]) [ account 7 ]) ~mapping:file [ allow (account 7) 1 ] 1;
    "the rights of the owner are not those of the app container", ask ~owner:me ~caller:(contained []) ~mapping:file [] read_control;
    "an object without a DACL is closed to an app container", about ~owner:me ~caller:(contained []) ~mapping:file Absent 1;
    "a label up to Medium does not limit an app container",
      ask ~caller:(contained []) ~mapping:file [ allow me 2; allow package 2 ] 2;
    "a label above Medium limits an app container",
      ask ~sacl:[ label high 1 ] ~caller:(contained []) ~mapping:file [ allow me 2; allow package 2 ] 2;
    "an untrusted app container is limited by a label of Medium",
      ask ~caller:(contained ~caller:(at_level 0) []) ~mapping:file [ allow me 2; allow package 2 ] 2;
    "an app container and a restriction both must be granted",
      ask ~caller:(contained ~caller:(restricted [ group ]) []) ~mapping:file [ allow me 1; allow package 1 ] 1 ]

let unknown_groups =
  [ "an Allow for a group that may be held leaves the answer open", ask ~caller:incomplete [ allow group 1 ] 1;
    "a Deny for a group that may be held leaves the answer open", ask ~caller:incomplete [ deny group 1; allow me 1 ] 1;
    "a Deny for a group that may be held is no matter after a grant", ask ~caller:incomplete [ allow me 1; deny group 1 ] 1;
    "a right that no group could be granted is refused for certain", ask ~caller:incomplete [ allow group 1 ] 2;
    "a Deny and an Allow for one group that may be held are weighed apart", ask ~caller:incomplete [ deny group 1; allow group 1 ] 1;
    "an owner that may be a group of the caller leaves the answer open", ask ~owner:group ~caller:incomplete [] write_dac;
    "an incomplete caller is in no placeholder", ask ~owner:other ~caller:incomplete [ allow CreatorOwner 1 ] 1;
    "an incomplete caller is in no app container", ask ~caller:incomplete [ allow package 1 ] 1 ]

let resource ?(flags = 0) name values = ResourceAttribute { name; flags; values }

let conditions =
  [ "a true condition lets an Allow grant", ask ~caller:{ plain with user_claims = [ ints "a" [ 1 ] ] } [ allow_if (equal "a" 1) me 1 ] 1;
    "a false condition keeps an Allow from granting",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 2 ] ] } [ allow_if (equal "a" 1) me 1 ] 1;
    "an unknown condition keeps an Allow from granting", ask [ allow_if (equal "a" 1) me 1 ] 1;
    "an unknown condition lets a Deny refuse", ask [ deny_if (equal "a" 1) me 1; allow me 1 ] 1;
    "a false condition keeps a Deny from refusing",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 2 ] ] } [ deny_if (equal "a" 1) me 1; allow me 1 ] 1;
    "a claim that may exist leaves the answer open", ask ~caller:claims_incomplete [ allow_if (equal "a" 1) me 1 ] 1;
    "the negation of an unknown condition is unknown", ask [ deny_if (Not (equal "a" 1)) me 1; allow me 1 ] 1;
    "false && unknown is false",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 2 ] ] } [ deny_if (And (equal "a" 1, equal "b" 1)) me 1; allow me 1 ] 1;
    "true || unknown is true",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 1 ] ] } [ allow_if (Or (equal "a" 1, equal "b" 1)) me 1 ] 1;
    "a claim of another type makes the condition unknown, also beside true",
      ask ~caller:{ plain with user_claims = [ { name = "a"; flags = 0; values = Strings [ "x" ] } ] }
        [ allow_if (Or (equal "a" 1, member_of [ me ])) me 1 ] 1;
    "Member_of is true of a group of the caller", ask ~caller:(in_groups [ group ]) [ allow_if (member_of [ group ]) me 1 ] 1;
    "Member_of wants each group", ask ~caller:(in_groups [ group ]) [ allow_if (member_of [ group; other ]) me 1 ] 1;
    "Member_of_Any wants one group",
      ask ~caller:(in_groups [ group ]) [ allow_if (Membership (OpMemberOfAny, Composite [ Sid other; Sid group ])) me 1 ] 1;
    "Not_Member_of is true of a group that the caller is not in",
      ask [ allow_if (Membership (OpNotMemberOf, Composite [ Sid group ])) me 1 ] 1;
    "Not_Member_of is not true of a group for Deny entries alone",
      ask ~caller:(deny_only [ group ]) [ allow_if (Membership (OpNotMemberOf, Composite [ Sid group ])) me 1 ] 1;
    "a group for Deny entries alone makes the condition of a Deny true",
      ask ~caller:(deny_only [ group ]) [ deny_if (member_of [ group ]) me 1; allow me 1 ] 1;
    "Device_Member_of is about the groups of the device",
      ask ~caller:{ plain with device_groups = [ group ] } [ allow_if (Membership (OpDeviceMemberOf, Composite [ Sid group ])) me 1 ] 1;
    "Device_Member_of is not about the groups of the user",
      ask ~caller:(in_groups [ group ]) [ allow_if (Membership (OpDeviceMemberOf, Composite [ Sid group ])) me 1 ] 1;
    "Exists is true of a resource attribute",
      ask ~sacl:[ resource "a" (Signed [ 1 ]) ] [ allow_if (Existence (OpExists, (ResourceClass, "a"))) me 1 ] 1;
    "Not_Exists is true without the resource attribute", ask [ allow_if (Existence (OpNotExists, (ResourceClass, "a"))) me 1 ] 1;
    "Exists does not take a claim of the user",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 1 ] ] } [ allow_if (Existence (OpExists, user "a")) me 1 ] 1;
    "Contains wants each value",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 1; 2 ] ] }
        [ allow_if (Relation (OpContains, user "a", Composite [ Int 1; Int 2 ])) me 1 ] 1;
    "Contains is false if one value is missing",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 1 ] ] }
        [ allow_if (Relation (OpContains, user "a", Composite [ Int 1; Int 2 ])) me 1 ] 1;
    "nothing contains an empty composite",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 1 ] ] } [ allow_if (Relation (OpContains, user "a", Composite [])) me 1 ] 1;
    "Any_of wants one value",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 1; 2 ] ] }
        [ allow_if (Relation (OpAnyOf, user "a", Composite [ Int 2; Int 3 ])) me 1 ] 1;
    "strings are compared without case",
      ask ~caller:{ plain with user_claims = [ { name = "a"; flags = 0; values = Strings [ "x" ] } ] }
        [ allow_if (Relation (OpEqual, user "a", Literal (String "X"))) me 1 ] 1;
    "a resource attribute may want case",
      ask ~sacl:[ resource ~flags:2 "a" (Strings [ "x" ]) ]
        [ allow_if (Relation (OpEqual, (ResourceClass, "a"), Literal (String "X"))) me 1 ] 1;
    "names of claims are compared without case",
      ask ~caller:{ plain with user_claims = [ ints "A" [ 1 ] ] } [ allow_if (equal "a" 1) me 1 ] 1;
    "numbers have an order",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 1 ] ] } [ allow_if (Relation (OpLess, user "a", Literal (Int 2))) me 1 ] 1;
    "a claim with two values has no order",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 0; 1 ] ] } [ allow_if (Relation (OpLess, user "a", Literal (Int 2))) me 1 ] 1;
    "a boolean is equal to the number 1",
      ask ~caller:{ plain with user_claims = [ { name = "a"; flags = 0; values = Bools [ true ] } ] } [ allow_if (equal "a" 1) me 1 ] 1;
    "an attribute alone is true if one of its values is not 0",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 0; 1 ] ] } [ allow_if (Alone (user "a")) me 1 ] 1;
    "a claim is compared with another one",
      ask ~caller:{ plain with user_claims = [ ints "a" [ 1 ] ]; device_claims = [ ints "b" [ 1 ] ] }
        [ allow_if (Relation (OpEqual, user "a", Attribute (DeviceClass, "b"))) me 1 ] 1;
    "a disabled resource attribute is unknown",
      ask ~sacl:[ resource ~flags:0x10 "a" (Signed [ 1 ]) ] [ allow_if (Existence (OpNotExists, (ResourceClass, "a"))) me 1 ] 1;
    "a resource attribute for Deny entries alone is not for an Allow",
      ask ~sacl:[ resource ~flags:4 "a" (Signed [ 1 ]) ] [ allow_if (equal ~class_:ResourceClass "a" 1) me 1 ] 1;
    "a resource attribute that is there twice is unknown",
      ask ~sacl:[ resource "a" (Signed [ 1 ]); resource "A" (Signed [ 1 ]) ] [ allow_if (equal ~class_:ResourceClass "a" 1) me 1 ] 1;
    "a resource attribute that repeats a value is unknown",
      ask ~sacl:[ resource "a" (Signed [ 1; 1 ]) ] [ allow_if (Alone (ResourceClass, "a")) me 1 ] 1;
    "a condition in the bytes of an object entry", ask ~form:Hex [ entry 0x0b me 1 ~data:(Condition (member_of [ me ])) ] 1;
    "a condition in a Deny about a part refuses without parts",
      ask ~form:Hex [ entry 0x0c me 1 ~guid:0 ~data:(Condition (member_of [ me ])); allow me 1 ] 1 ]

(* An object with two parts, and one below the first of them. *)
let parts = [ 0, 0; 1, 1; 2, 2; 1, 3 ]
let allow_at guid trustee mask = entry 0x05 trustee mask ~guid
let deny_at guid trustee mask = entry 0x06 trustee mask ~guid

let trees =
  [ "a plain entry is about each part", ask ~parts [ allow me 1 ] 1;
    "an entry for the root is about each part", ask ~parts [ allow_at 0 me 1 ] 1;
    "an entry for a part is about the parts below it", ask ~parts [ allow_at 1 me 1 ] 1;
    "an entry for a part that is not asked about does nothing", ask ~parts [ deny_at 4 me 1; allow me 1 ] 1;
    "a denied part denies those above it", ask ~parts [ deny_at 2 me 1; allow me 1 ] 1;
    "a denied part leaves those beside it", ask ~parts [ deny_at 3 me 1; allow me 1 ] 1;
    "a part is granted what all parts directly below it are granted", ask ~parts [ allow_at 1 me 1; allow_at 3 me 1 ] 1;
    "a part is not granted what one part below it is granted", ask ~parts [ allow_at 1 me 1 ] 1;
    "a Deny for the root after an Allow for a part is too late for the part", ask ~parts [ allow_at 2 me 1; deny me 1 ] 1;
    "each part has a maximum of its own", ask ~parts [ deny_at 2 me 1; allow_at 1 me 3; allow me 4 ] maximum;
    "an unknown group leaves the answer about one part open", ask ~parts ~caller:incomplete [ allow_at 3 group 1 ] 1;
    "an unknown group that denies a part leaves those above it open", ask ~parts ~caller:incomplete [ deny_at 2 group 1; allow me 1 ] 1;
    "a restricted caller needs a grant of each part in both lists",
      ask ~parts ~caller:(restricted [ group ]) [ allow_at 1 me 1; allow group 1 ] 1;
    "an app container needs a grant of each part of its own",
      ask ~parts ~caller:(contained []) ~mapping:file [ allow me 1; allow_at 3 package 1 ] 1;
    "the owner has the implicit rights to each part", ask ~parts ~owner:me [] write_dac;
    "a part of an object without a DACL is open", about ~parts ~owner:me Absent 1;
    "a condition in an entry for a part", ask ~parts [ entry 0x0b me 1 ~guid:3 ~data:(Condition (member_of [ me ])) ] 1 ]

(* Central policies *)
let names_policy ?(inherit_only = false) id = Policy { inherit_only; id }
let rule ?applies_to effective = { applies_to; effective }
let policies rules = [ { id = 1; rules } ]
let under ?(sacl = [ names_policy 1 ]) ?owner ?caller policies entries = ask ?owner ~sacl ?caller ~policies entries
let local_system = account 6

let central_policies =
  [ "a rule that grants leaves the right", under (policies [ rule [ allow me 3 ] ]) [ allow me 1 ] 1;
    "a rule that does not grant takes the right", under (policies [ rule [ allow me 2 ] ]) [ allow me 1 ] 1;
    "a rule grants nothing that the object does not", under (policies [ rule [ allow me 3 ] ]) [ allow me 1 ] 2;
    "each rule must grant", under (policies [ rule [ allow me 1 ]; rule [ allow me 2 ] ]) [ allow me 3 ] 1;
    "the maximum under a policy", under (policies [ rule [ allow me 6 ] ]) [ allow me 3 ] maximum;
    "a rule for other objects takes nothing",
      under (policies [ rule ~applies_to:(equal ~class_:ResourceClass "a" 1) [] ]) ~sacl:[ names_policy 1; resource "a" (Signed [ 2 ]) ]
        [ allow me 1 ] 1;
    "a rule for this object takes the right",
      under (policies [ rule ~applies_to:(equal ~class_:ResourceClass "a" 1) [] ]) ~sacl:[ names_policy 1; resource "a" (Signed [ 1 ]) ]
        [ allow me 1 ] 1;
    "a rule whose condition is unknown does not apply",
      under (policies [ rule ~applies_to:(equal ~class_:ResourceClass "a" 1) [] ]) [ allow me 1 ] 1;
    "a rule whose condition may be true leaves the answer open",
      under ~caller:claims_incomplete (policies [ rule ~applies_to:(equal "a" 1) [] ]) [ allow me 1 ] 1;
    "a rule whose condition is about a group for Deny entries alone applies",
      under ~caller:(deny_only [ group ]) (policies [ rule ~applies_to:(member_of [ group ]) [] ]) [ allow me 1 ] 1;
    "an object that names no policy is under none", under ~sacl:[] (policies [ rule [] ]) [ allow me 1 ] 1;
    "an inherit-only entry names no policy",
      under ~sacl:[ names_policy ~inherit_only:true 1 ] (policies [ rule [] ]) [ allow me 1 ] 1;
    "the first entry names the policy", under ~sacl:[ names_policy 1; names_policy 2 ] (policies [ rule [ allow me 1 ] ]) [ allow me 1 ] 1;
    "a machine without policies evaluates none", under [] [ allow me 1 ] 1;
    "a policy that the machine does not have grants nothing to others", under ~sacl:[ names_policy 2 ] (policies [ rule [] ]) [ allow me 1 ] 1;
    "a policy that the machine does not have leaves Administrators their rights",
      under ~sacl:[ names_policy 2 ] ~caller:(in_groups [ administrators ]) (policies [ rule [] ]) [ allow administrators 1 ] 1;
    "a policy that the machine does not have leaves the system its rights",
      under ~sacl:[ names_policy 2 ] ~caller:(in_groups [ local_system ]) (policies [ rule [] ]) [ allow local_system 1 ] 1;
    "a policy that the machine does not have leaves the owner nothing",
      under ~sacl:[ names_policy 2 ] ~owner:me (policies [ rule [] ]) [] write_dac;
    "a rule keeps the implicit rights of the owner", under ~owner:me (policies [ rule [] ]) [] write_dac ]

(* Files and registry keys *)
let no_file = { kind = "file"; share = None; volume_guard = None; ancestors = []; parent = None; disposition = LayersFiles.OpenIt;
    is_new = false; read_only = false; directory = false; delete_on_close = false; rename = None }

let descriptor entries = { owner = None; group = None; dacl = Entries entries; sacl = [] }
let file_ask ?owner ?(caller = plain) file = ask ?owner ~caller ~layers:(File file)
let key_ask ?caller ?(creates = false) ?(backs_up = false) ?key_parent = ask ?caller ~layers:(Key { key_parent; creates; backs_up })
let all_files = 0x1f01ff
let delete = 0x10000
let passes = descriptor [ allow me all_files ]
let closed = descriptor []
let renamed new_parent target = { no_file with rename = Some { new_parent; target; target_read_only = false; target_directory = false } }

let files =
  [ "a file grants what its DACL grants", file_ask no_file [ allow me 1 ] 1;
    "a share limits what its files grant",
      file_ask { no_file with kind = "share"; share = Some (descriptor [ allow me 1 ]) } [ allow me 3 ] 2;
    "a share and a file both must grant",
      file_ask { no_file with kind = "share"; share = Some (descriptor [ allow me 1 ]) } [ allow me 3 ] 1;
    "a volume guard limits its files", file_ask { no_file with volume_guard = Some closed } [ allow me 1 ] 1;
    "the directories above must be traversed", file_ask { no_file with ancestors = [ closed ] } [ allow me 1 ] 1;
    "SeChangeNotifyPrivilege traverses directories",
      file_ask ~caller:(with_privileges [ ChangeNotify ]) { no_file with ancestors = [ closed ] } [ allow me 1 ] 1;
    "the right to delete children of the directory deletes a file",
      file_ask { no_file with parent = Some (descriptor [ allow me 0x40 ]) } [] delete;
    "the right to list the directory reads attributes",
      file_ask { no_file with parent = Some (descriptor [ allow me 1 ]) } [] 0x80;
    "the directory grants no other right", file_ask { no_file with parent = Some passes } [] 1;
    "a Deny of DELETE is no matter if the directory lets its children be deleted",
      file_ask { no_file with parent = Some passes } [ deny me delete ] delete;
    "the maximum of a file has what the directory grants", file_ask { no_file with parent = Some passes } [ allow me 1 ] maximum;
    "a read-only file is not written", file_ask { no_file with read_only = true } [ allow me all_files ] 2;
    "a read-only directory is written", file_ask { no_file with kind = "directory"; directory = true; read_only = true } [ allow me all_files ] 2;
    "a read-only file is not deleted on close",
      file_ask { no_file with read_only = true; delete_on_close = true } [ allow me all_files ] delete;
    "deletion on close must be asked for", file_ask { no_file with delete_on_close = true } [ allow me all_files ] 1;
    "overwriting needs the right to write", file_ask { no_file with disposition = Overwrite } [ allow me 1 ] 1;
    "overwriting with the rights that it needs", file_ask { no_file with disposition = Overwrite } [ allow me 0x113 ] 1;
    "superseding needs the right to delete", file_ask { no_file with disposition = Supersede } [ allow me 0x113 ] 1;
    "a directory is not overwritten",
      file_ask { no_file with kind = "directory"; directory = true; disposition = Overwrite } [ allow me all_files ] 1;
    "creating a file that exists is refused", file_ask { no_file with disposition = CreateIt } [ allow me all_files ] 1;
    "a new file needs the right to add one",
      file_ask { no_file with disposition = CreateIt; is_new = true; parent = Some (descriptor [ allow me 2 ]) } [] 0x1f;
    "a new file is refused without it", file_ask { no_file with disposition = CreateIt; is_new = true; parent = Some closed } [] 1;
    "a new directory needs the right to add one",
      file_ask { no_file with kind = "directory"; directory = true; disposition = CreateIt; is_new = true;
                 parent = Some (descriptor [ allow me 4 ]) } [] 1;
    "a rename needs the right to delete and to add", file_ask (renamed passes None) [ allow me delete ] delete;
    "a rename needs a new directory that lets files be added", file_ask (renamed closed None) [ allow me delete ] delete;
    "a rename over a file needs the right to delete it", 
      file_ask (renamed (descriptor [ allow me 0x100002 ]) (Some closed)) [ allow me delete ] delete;
    "a rename over a file whose directory lets children be deleted", file_ask (renamed passes (Some closed)) [ allow me delete ] delete;
    "a file with a reserved right is refused", file_ask no_file [ allow me 0x200 ] 0x200;
    "an unknown group of the share leaves the answer open",
      file_ask ~caller:incomplete { no_file with kind = "share"; share = Some (descriptor [ allow group 1 ]) } [ allow me 1 ] 1;
    "an unknown group of the share is no matter if the file refuses",
      file_ask ~caller:incomplete { no_file with kind = "share"; share = Some (descriptor [ allow group 1 ]) } [] 1;
    "a group that may make a share and a file grant one right leaves the answer open",
      file_ask ~caller:incomplete { no_file with kind = "share"; share = Some (descriptor [ allow me 1; allow group 2 ]) }
        [ allow me 2 ] maximum;
    "a listing shows a file that can be read", ask ~layers:Listing [ allow me 0x120089 ] 0x20089;
    "a listing hides a file that can't be read", ask ~layers:Listing [ allow me 1 ] 0x20089;
    "the maximal access is the plain maximum", ask ~layers:MaximalAccess [ allow me 3 ] maximum;
    "SeTakeOwnershipPrivilege takes a file behind a share that grants some right",
      file_ask ~caller:(with_privileges [ TakeOwnership ]) { no_file with kind = "share"; share = Some (descriptor [ allow me 1 ]) } []
        write_owner;
    "SeTakeOwnershipPrivilege takes no file behind a closed share",
      file_ask ~caller:(with_privileges [ TakeOwnership ]) { no_file with kind = "share"; share = Some closed } [] write_owner;
    "a key grants what its DACL grants", key_ask [ allow me 1 ] 1;
    "a key grants no view", key_ask [ allow me 0x101 ] 0x101;
    "a new key needs the right to create a subkey", key_ask ~creates:true ~key_parent:(descriptor [ allow me 4 ]) [] 1;
    "a new key is refused without it", key_ask ~creates:true ~key_parent:closed [] 1;
    "SeBackupPrivilege opens a key for backup", key_ask ~caller:(with_privileges [ Backup ]) ~backs_up:true [] 1;
    "a key is not opened for backup without a privilege", key_ask ~backs_up:true [ allow me 1 ] 1 ]

let nobody = { owner_required = false; group_required = false }
let without demands = List.map (fun (name, question) -> name, demands, question)

let demanded =
  [ "an owner can be required", { nobody with owner_required = true }, ask [ allow me 1 ] 1;
    "an owner that is required and there is no matter", { nobody with owner_required = true }, ask ~owner:other [ allow me 1 ] 1;
    "a group can be required", { nobody with group_required = true }, ask ~owner:other [ allow me 1 ] 1;
    "both can be required", { owner_required = true; group_required = true }, ask ~owner:other ~group [ allow me 1 ] 1 ]

let all =
  without nobody
    (List.concat
       [ entries; trustees; owners; requests; privileges; integrity; sacls; restrictions; containers; unknown_groups; conditions; trees; central_policies; files ])
  @ demanded
