(** Registry keys: src/layers/key.rs, after [MS-RRP] 3.1.5.

    The interface, for whoever runs the model: [ask d desired] is the decision of the plain check about the
    descriptor [d], with the mapping of keys and without the intents of files. [open_key] and
    [create_key] are the decisions. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Layers.
Import ListNotations.
Local Open Scope N_scope.

Definition KEY : mapping := {| map_read := 0x20019; map_write := 0x20006; map_execute := 0x20019; map_all :=
  0xf003f |}.
Definition KEY_CREATE_SUB_KEY : mask := 0x4.
Definition KEY_CREATE_LINK : mask := 0x20.
(** The bits that choose a view of the registry. They are no rights. *)
Definition VIEWS : mask := 0x300.
Definition KEY_BACKUP : mask := union ACCESS_SYSTEM_SECURITY 0x20019.
Definition KEY_RESTORE : mask := union (union ACCESS_SYSTEM_SECURITY DELETE) 0x20006.

Section Keys.
Variable descriptor : Type.
Variable ask : descriptor -> mask -> decision.

Record key_access := {
  k_desired : mask;
  k_parent : option descriptor;
  is_link : bool;
  backup_restore : bool;
  (* the privileges that count: an app container has none *)
  k_security : bool; k_backup : bool; k_restore : bool }.
Variable a : key_access.

Definition key_request : request := request_of (mapped_by KEY (diff (k_desired a) VIEWS)).
Let r := key_request.

Definition refuse_malformed_key (j : join) : progress :=
  if contains (k_desired a) VIEWS then refuse r ObjectRule j
  else if is_empty (explicit r) && negb (maximum r) then refuse r (CheckReason NothingAsked) j
  else GoesOn j.

Definition try_open_key (d : descriptor) : progress :=
  and_then (refuse_malformed_key new_join) (fun j =>
    match ask d (desired_of r) with
    | Allow g => GoesOn (limit_join (diff g VIEWS) 0 j)
    | Refuse g _ why => denied_by r g why 0 j
    end).

Definition add_key_right : mask := if is_link a then KEY_CREATE_LINK else KEY_CREATE_SUB_KEY.

Definition try_create_key : progress :=
  and_then (refuse_malformed_key new_join) (fun j =>
    match k_parent a with
    | None => refuse r ObjectRule j
    | Some d =>
      if is_empty (explicit r) then refuse r ObjectRule j
      else if contains (explicit r) ACCESS_SYSTEM_SECURITY && negb (k_security a)
      then refuse r (CheckReason PrivilegeNotHeld) j
      else and_then (require r (ask d add_key_right) j) (fun j => GoesOn (limit_join (explicit r) 0 j))
    end).

(** The rights that the privileges to back up and restore grant. *)
Definition key_privilege_bits : mask :=
  union (if k_backup a then KEY_BACKUP else 0) (if k_restore a then KEY_RESTORE else 0).

(** Refuses a descriptor that the check refuses whatever its DACL grants. *)
Definition refuse_whatever_is_granted (d : descriptor) (j : join) : progress :=
  match ask d MAXIMUM_ALLOWED with
  | Refuse _ _ why => if can_be_mended why then GoesOn j else refuse r (CheckReason why) j
  | Allow _ => GoesOn j
  end.

Definition by_privileges (p : progress) : layered_decision :=
  match p with
  | Ends d => d
  | GoesOn j =>
    if j_doubt j then refusal_of r (CheckReason Undetermined) j else LayersAllow key_privilege_bits
  end.

Definition back_up_key (d : descriptor) : layered_decision :=
  by_privileges (and_then (refuse_malformed_key new_join) (fun j =>
    if is_empty key_privilege_bits then refuse r (CheckReason PrivilegeNotHeld) j
    else refuse_whatever_is_granted d j)).

Definition restore_key : layered_decision :=
  by_privileges (and_then (refuse_malformed_key new_join) (fun j =>
    if is_empty key_privilege_bits then refuse r (CheckReason PrivilegeNotHeld) j
    else match k_parent a with
    | None => refuse r ObjectRule j
    | Some d =>
      if k_restore a && contains KEY_RESTORE add_key_right then refuse_whatever_is_granted d j
      else require r (ask d add_key_right) j
    end)).

Definition open_key (d : descriptor) : layered_decision :=
  if backup_restore a then back_up_key d else finish_progress r (fun _ => false) (try_open_key d).
Definition create_key : layered_decision :=
  if backup_restore a then restore_key else finish_progress r (fun _ => false) try_create_key.
End Keys.
