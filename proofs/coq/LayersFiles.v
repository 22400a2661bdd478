(** Files and directories: src/layers/{disposition,file,open,own,rename}.rs, after [MS-FSA] 2.1.5.1.

    The interface, for whoever runs the model: [ask d desired backup restore] is the decision of the plain
    check about the descriptor [d], with the mapping of files and these intents. [access] has the facts
    about the file and the caller. [open_file], [create_file], [plain_file] (for the listing and the
    maximal access) and [rename_file] are the decisions. The desired rights are mapped in
    [request_for]. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Layers.
Import ListNotations.
Local Open Scope N_scope.

(** * Rights on files *)

Definition FILE_READ_DATA : mask := 0x1.
Definition FILE_LIST_DIRECTORY : mask := 0x1.
Definition FILE_WRITE_DATA : mask := 0x2.
Definition FILE_ADD_FILE : mask := 0x2.
Definition FILE_APPEND_DATA : mask := 0x4.
Definition FILE_ADD_SUBDIRECTORY : mask := 0x4.
Definition FILE_READ_EA : mask := 0x8.
Definition FILE_WRITE_EA : mask := 0x10.
Definition FILE_TRAVERSE : mask := 0x20.
Definition FILE_DELETE_CHILD : mask := 0x40.
Definition FILE_READ_ATTRIBUTES : mask := 0x80.
Definition FILE_WRITE_ATTRIBUTES : mask := 0x100.
Definition FILE_ALL_ACCESS : mask := 0x1f01ff.

(** The bits that no file has as rights. *)
Definition RESERVED : mask := 0x0ce0fe00.
(** The rights that a file can grant. *)
Definition FILE_RIGHTS : mask := union FILE_ALL_ACCESS ACCESS_SYSTEM_SECURITY.
(** The rights that the read-only attribute keeps out of the maximum. *)
Definition READ_ONLY_CLEARS : mask := union (union FILE_WRITE_DATA FILE_APPEND_DATA) FILE_DELETE_CHILD.
Definition LISTING : mask :=
  union (union (union FILE_READ_DATA FILE_READ_EA) FILE_READ_ATTRIBUTES) READ_CONTROL.

Inductive disposition := OpenIt | CreateIt | OpenIf | Overwrite | OverwriteIf | Supersede.
Definition opens (p : disposition) : bool := match p with CreateIt => false | _ => true end.
Definition creates (p : disposition) : bool := match p with OpenIt | Overwrite => false | _ => true end.
Definition replaces (p : disposition) : bool :=
  match p with Overwrite | OverwriteIf | Supersede => true | _ => false end.
Definition can_back_up (p : disposition) : bool :=
  match p with OpenIt | OpenIf | OverwriteIf => true | _ => false end.
Definition needed_by (p : disposition) : mask :=
  let replacing := union FILE_WRITE_EA FILE_WRITE_ATTRIBUTES in
  match p with
  | OpenIt | OpenIf | CreateIt => 0
  | Overwrite | OverwriteIf => union replacing FILE_WRITE_DATA
  | Supersede => union replacing DELETE
  end.

Section Files.
Variable descriptor : Type.
Variable ask : descriptor -> mask -> bool -> bool -> decision.

Record file_access := {
  f_desired : mask;
  share : option descriptor;
  volume_guard : option descriptor;
  ancestors : list descriptor;
  parent : option descriptor;
  f_disposition : disposition;
  read_only : bool;
  is_directory : bool;
  delete_on_close : bool;
  f_backup : bool;
  f_restore : bool;
  (* the privileges of the caller, and whether it is in an app container *)
  has_change_notify : bool; has_take_ownership : bool; has_security : bool;
  has_backup : bool; has_restore : bool; is_contained : bool }.

Section Access.
Variable a : file_access.

(** The request, with generic rights mapped as those of files. *)
Definition request_for (desired : mask) : request := request_of (mapped_by FILE desired).
Definition file_request : request := request_for (f_desired a).

(** A question about the file itself, and about another object. *)
Definition with_intent (d : descriptor) (desired : mask) : decision :=
  ask d desired (f_backup a && can_back_up (f_disposition a)) (f_restore a).
Definition without_intent (d : descriptor) (desired : mask) : decision := ask d desired false false.

Definition add_right : mask := if is_directory a then FILE_ADD_SUBDIRECTORY else FILE_ADD_FILE.

(** ** What is in front of the file *)

(** If SeTakeOwnershipPrivilege grants WRITE_OWNER, a share and a volume guard must still grant some right. *)
Definition front (r needs : request) (j : join) : progress :=
  let takes := has_take_ownership a && contains (explicit needs) WRITE_OWNER in
  let some_right d j :=
    match d with Some d => require r (without_intent d MAXIMUM_ALLOWED) j | None => GoesOn j end in
  let layer d exempt j :=
    match d with Some d => ask_layer r (without_intent d) (desired_of needs) exempt j | None => GoesOn j end
      in
  let p := if takes then and_then (some_right (share a) j) (some_right (volume_guard a)) else GoesOn j in
  and_then (and_then p (layer (share a) ACCESS_SYSTEM_SECURITY)) (layer (volume_guard a) 0).

(** The share, the volume guard, and the directories above. *)
Definition reach (r needs : request) (j : join) : progress :=
  and_then (front r needs j) (fun j =>
    if has_change_notify a then GoesOn j
    else fold_left (fun p d => and_then p (require r (without_intent d FILE_TRAVERSE))) (ancestors a) (GoesOn
      j)).

(** ** The rights on the file: its own, and those that its parent grants *)

Record parent_rights := { p_certain : mask; p_possible : mask }.
Definition FROM_PARENT : list (mask * mask) :=
  [(DELETE, FILE_DELETE_CHILD); (FILE_READ_ATTRIBUTES, FILE_LIST_DIRECTORY)].
Definition from_parent (wanted_ : mask) : parent_rights :=
  match parent a with
  | None => {| p_certain := 0; p_possible := 0 |}
  | Some d => fold_left (fun p row =>
      if contains wanted_ (fst row) then
        match without_intent d (snd row) with
        | Allow _ => {| p_certain := union (p_certain p) (fst row); p_possible := p_possible p |}
        | Refuse _ _ Undetermined => {| p_certain := p_certain p; p_possible :=
          union (p_possible p) (fst row) |}
        | Refuse _ _ _ => p
        end
      else p) FROM_PARENT {| p_certain := 0; p_possible := 0 |}
  end.

(** Whether unknown facts may grant each of these rights. *)
Definition can_become (d : descriptor) (rights : mask) (p : parent_rights) : bool :=
  forallb (fun right_ =>
    if contains rights right_ && negb (contains (union (p_certain p) (p_possible p)) right_) then
      match with_intent d right_ with Allow _ | Refuse _ _ Undetermined => true | _ => false end
    else true) each_right.

Definition for_certain (why : reason) : reason := match why with Undetermined => NotGranted | _ => why end.

(** Joins the rights that were named. *)
Definition named_rights (r : request) (needs : mask) (d : descriptor) (j : join) : progress :=
  match with_intent d needs with
  | Allow _ => GoesOn (limit_join needs 0 j)
  | Refuse g _ why =>
    if negb (can_be_mended why) then denied_by r g why 0 j
    else
      let p := from_parent needs in
      let rest := diff needs (p_certain p) in
      if is_empty rest then GoesOn (limit_join needs 0 j)
      else
        let refuse_with g why :=
          let doubtful := match why with Undetermined => true | _ => negb (is_empty (p_possible p)) end in
          let why := if doubtful && can_become d rest p then Undetermined else for_certain why in
          denied_by r (union g (p_certain p)) why 0 j in
        if rest =? needs then refuse_with g why
        else match with_intent d rest with
        | Allow _ => GoesOn (limit_join needs 0 j)
        | Refuse g why_missing why => refuse_with g why
        end
  end.

Definition granted_in_decision (d : decision) : mask := match d with Allow g => g | Refuse _ _ _ => 0 end.

(** Joins the maximum, which must have the rights in [named]. *)
Definition maximum_rights (r : request) (named : mask) (d : descriptor) (j : join) : progress :=
  let first := with_intent d (union MAXIMUM_ALLOWED (inter named ACCESS_SYSTEM_SECURITY)) in
  let go_on :=
    let own := inter (granted_in_decision first) FILE_RIGHTS in
    let p := from_parent (complement own) in
    let total := union own (p_certain p) in
    let total := if read_only a then diff total READ_ONLY_CLEARS else total in
    if read_only a && intersects named READ_ONLY_CLEARS then refuse r ObjectRule j
    else
      let missing := diff named total in
      (* a right that is named may come from a privilege that adds nothing to the maximum *)
      let last := if is_empty missing then first else with_intent d missing in
      let second := if is_empty missing then 0 else granted_in_decision last in
      let total := union total second in
      let missing := diff missing second in
      let j := limit_join total 0 j in
      match last with
      | Refuse _ _ why =>
        if negb (is_empty missing) || is_empty total then
          let can_change :=
            if is_empty missing
            then match why with Undetermined => true | _ => negb (is_empty (p_possible p)) end
            else can_become d missing p in
          if can_change then GoesOn (doubt j) else refuse r (CheckReason (for_certain why)) j
        else GoesOn j
      | Allow _ => GoesOn j
      end in
  match first with
  | Refuse g _ why => if can_be_mended why then go_on else denied_by r g why 0 j
  | Allow _ => go_on
  end.

Definition own_rights (r needs : request) (d : descriptor) (j : join) : progress :=
  if maximum needs then maximum_rights r (explicit needs) d j else named_rights r (explicit needs) d j.

(** ** Opening and creating *)

(** Refuses a request that is none. *)
Definition refuse_malformed (r : request) (j : join) : progress :=
  if is_empty (explicit r) && negb (maximum r) then refuse r (CheckReason NothingAsked) j
  else if intersects (explicit r) RESERVED then refuse r ObjectRule j
  else if delete_on_close a && negb (contains (explicit r) DELETE) then refuse r ObjectRule j
  else GoesOn j.

Definition try_open (r : request) (d : descriptor) : progress :=
  and_then (refuse_malformed r new_join) (fun j =>
    let needs := needing r (needed_by (f_disposition a)) in
    let writing := union FILE_WRITE_DATA FILE_APPEND_DATA in
    if negb (opens (f_disposition a)) then refuse r ObjectRule j
    else if replaces (f_disposition a) && is_directory a then refuse r ObjectRule j
    else if read_only a && negb (is_directory a)
      && (intersects (explicit needs) writing || replaces (f_disposition a)) then refuse r ObjectRule j
    else if read_only a && delete_on_close a then refuse r ObjectRule j
    else and_then (reach r needs j) (own_rights r needs d)).

(** A privilege that grants ACCESS_SYSTEM_SECURITY on a new file. It grants nothing to an app container. *)
Definition grants_security : bool :=
  negb (is_contained a) &&
  (has_security a || (f_backup a && can_back_up (f_disposition a) && has_backup a) || (f_restore a &&
    has_restore a)).

Definition try_create (r : request) : progress :=
  and_then (refuse_malformed r new_join) (fun j =>
    if negb (creates (f_disposition a)) then refuse r ObjectRule j
    else if read_only a && delete_on_close a then refuse r ObjectRule j
    else match parent a with
    | None => refuse r ObjectRule j
    | Some d => and_then (reach r (needing r add_right) j) (fun j =>
        if contains (explicit r) ACCESS_SYSTEM_SECURITY && negb grants_security
        then refuse r (CheckReason PrivilegeNotHeld) j
        else and_then (require r (with_intent d add_right) j) (fun j =>
          let bits := if maximum r then union (explicit r) FILE_ALL_ACCESS else explicit r in
          GoesOn (limit_join bits 0 j)))
    end).

(** The plain check of a file, after its share and its volume guard. *)
Definition try_plain (r : request) (d : descriptor) : progress :=
  and_then (front r r new_join) (fun j =>
    match without_intent d (desired_of r) with
    | Allow g => GoesOn (limit_join (inter g FILE_RIGHTS) 0 j)
    | Refuse g _ why => denied_by r g why 0 j
    end).

(** The decision. Of the maximum, unknown facts may grant a right that is not certain. *)
Definition decide_file (attempt : request -> progress) (desired : mask) : layered_decision :=
  let may_become right_ :=
    match attempt (request_for right_) with
    | GoesOn j => is_undetermined (finish_join (request_for right_) (fun _ => false) j)
    | Ends _ => false
    end in
  finish_progress (request_for desired) (fun _ => existsb may_become single_rights) (attempt (request_for
    desired)).

Definition open_file (d : descriptor) : layered_decision := decide_file (fun r => try_open r d) (f_desired a).
Definition create_file : layered_decision := decide_file try_create (f_desired a).
Definition plain_file (d : descriptor) (desired : mask) : layered_decision :=
  decide_file (fun r => try_plain r d) desired.
Definition list_file (d : descriptor) : layered_decision := plain_file d LISTING.
Definition maximal_access (d : descriptor) : layered_decision := plain_file d MAXIMUM_ALLOWED.
End Access.

(** * Renaming *)

Record rename := {
  new_parent : descriptor;
  target : option descriptor;
  target_read_only : bool;
  target_is_directory : bool }.

(** The handle that a file is renamed with. *)
Definition deleting (a : file_access) : file_access :=
  {| f_desired := DELETE; share := share a; volume_guard := volume_guard a; ancestors := ancestors a;
     parent := parent a; f_disposition := OpenIt; read_only := read_only a; is_directory := is_directory a;
     delete_on_close := false; f_backup := f_backup a; f_restore := f_restore a;
     has_change_notify := has_change_notify a; has_take_ownership := has_take_ownership a;
     has_security := has_security a; has_backup := has_backup a; has_restore := has_restore a;
     is_contained := is_contained a |}.

(** The file in the way is deleted: DELETE on it, or FILE_DELETE_CHILD on its directory. *)
Definition replace_target (a : file_access) (r : request) (d directory : descriptor) (j : join) : progress :=
  match with_intent a d DELETE with
  | Allow _ => GoesOn j
  | Refuse _ _ why =>
    if negb (can_be_mended why) then refuse r (CheckReason why) j
    else match why, without_intent directory FILE_DELETE_CHILD with
    | _, Allow _ => GoesOn j
    | Undetermined, Refuse _ _ _ | _, Refuse _ _ Undetermined => GoesOn (doubt j)
    | _, Refuse _ _ _ => refuse r (CheckReason why) j
    end
  end.

Definition try_rename (a : file_access) (n : rename) (d : descriptor) (r : request) : progress :=
  let add := if is_directory a then add_right a else union (add_right a) SYNCHRONIZE in
  if target_is_directory n || target_read_only n then refuse r ObjectRule new_join
  else and_then (and_then (and_then (reach a r (needing r add) new_join)
    (own_rights a r r d))
    (require r (with_intent a (new_parent n) add)))
    (fun j => match target n with Some t => replace_target a r t (new_parent n) j | None => GoesOn j end).

Definition rename_file (a : file_access) (n : rename) (d : descriptor) : layered_decision :=
  let a := deleting a in
  let r := file_request a in
  finish_progress r (fun _ => false) (try_rename a n d r).
End Files.
