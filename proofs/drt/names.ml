(* The small universe of names: SIDs, GUIDs, claims. It is small, so that they meet. *)
open Model

(* The number of an account is its place here. The last one is a capability that may be a group, too. *)
let accounts =
  [| [ 5; 21; 1; 2; 3; 1001 ]; [ 5; 21; 1; 2; 3; 1002 ]; [ 5; 21; 9; 2; 3; 1001 ]; [ 5; 32; 544 ]; [ 1; 0 ]; [ 5; 11 ]; [ 5; 18 ];
     [ 5; 32; 1; 2; 3; 4; 5; 6; 7; 8 ] |]

let packages = [| [ 15; 2; 11; 12; 13; 14; 15; 16; 17 ]; [ 15; 2; 21; 12; 13; 14; 15; 16; 17 ] |]
let capabilities = [| [ 15; 3; 1 ]; [ 15; 3; 1024; 1; 2; 3; 4; 5; 6; 7; 8 ] |]

(* The authority and the sub-authorities of a SID. *)
let parts = function
  | CreatorOwner -> [ 3; 0 ]
  | CreatorGroup -> [ 3; 1 ]
  | OwnerRights -> [ 3; 4 ]
  | PrincipalSelf -> [ 5; 10 ]
  | AllPackages -> [ 15; 2; 1 ]
  | AllRestrictedPackages -> [ 15; 2; 2 ]
  | Package i -> packages.(Numbers.int i)
  | Capability i -> capabilities.(Numbers.int i)
  | Account i -> accounts.(Numbers.int i)

let text_of_parts parts = "S-1-" ^ String.concat "-" (List.map string_of_int parts)

(* Remembers what a function made of each SID. *)
let remembering make =
  let known = Hashtbl.create 32 in
  fun s ->
    match Hashtbl.find_opt known s with
    | Some made -> made
    | None -> let made = make s in Hashtbl.add known s made; made

let sid = remembering (fun s -> text_of_parts (parts s))

let guids =
  [| "bf967aba-0de6-11d0-a285-00aa003049e2"; "4c164200-20c0-11d0-a768-00aa006e0529"; "bf967a68-0de6-11d0-a285-00aa003049e2";
     "59ba2f42-79a2-11d0-9020-00c04fc2d3cf"; "5f202010-79a5-11d0-9020-00c04fc2d4cf" |]
