(** Several descriptors joined: src/layers/join.rs and src/layers/layer.rs.

    The interface, for whoever runs the model: a layer is what it answers to each set of desired rights, a
    function of type [mask -> decision]. [check_all] takes the request, the desired rights as given, and the
    layers, each with the rights that it is not asked for. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model.
Import ListNotations.
Local Open Scope N_scope.

(** The reason of a refusal: that of a check, or a rule that is in no descriptor. *)
Inductive layered_reason := CheckReason (why : reason) | ObjectRule.
Inductive layered_decision :=
  | LayersAllow (granted : mask)
  | LayersRefuse (granted missing : mask) (why : layered_reason).

(** The joined decisions of the layers so far. *)
Record join := {
  j_granted : option mask;  (* the rights that all layers grant; [None] before the first one *)
  j_asked : mask;           (* the rights that at least one layer was asked for *)
  j_doubt : bool }.         (* whether a layer is undetermined *)
Definition new_join : join := {| j_granted := None; j_asked := 0; j_doubt := false |}.

(** A step goes on with the join, or ends with a refusal that no unknown fact can change. *)
Inductive progress := GoesOn (j : join) | Ends (d : layered_decision).
Definition and_then (p : progress) (next : join -> progress) : progress :=
  match p with GoesOn j => next j | Ends d => Ends d end.

Definition desired_of (r : request) : mask :=
  if maximum r then union (explicit r) MAXIMUM_ALLOWED else explicit r.
(** Also the rights that the operation needs. *)
Definition needing (r : request) (needed : mask) : request :=
  {| explicit := union (explicit r) needed; maximum := maximum r |}.

Section Join.
Variable r : request.

(** Joins the rights that a layer grants. It was not asked for those in [exempt]. *)
Definition limit_join (granted exempt : mask) (j : join) : join :=
  let passed := union granted exempt in
  {| j_granted := Some (match j_granted j with Some before => inter before passed | None => passed end);
     j_asked := union (j_asked j) (complement exempt);
     j_doubt := j_doubt j |}.
Definition doubt (j : join) : join := {| j_granted := j_granted j; j_asked := j_asked j; j_doubt := true |}.

(** The rights that every layer grants for certain. *)
Definition joined (j : join) : mask :=
  let granted := inter (match j_granted j with Some g => g | None => 0 end) (j_asked j) in
  if maximum r then granted else inter granted (explicit r).

Definition refusal_of (why : layered_reason) (j : join) : layered_decision :=
  LayersRefuse (joined j) (diff (explicit r) (joined j)) why.
Definition refuse (why : layered_reason) (j : join) : progress := Ends (refusal_of why j).

(** Joins the refusal of a layer. *)
Definition denied_by (granted : mask) (why : reason) (exempt : mask) (j : join) : progress :=
  let j := limit_join granted exempt j in
  match why with
  | Undetermined => GoesOn (doubt j)
  | _ => refuse (CheckReason why) j
  end.

(** Asks a layer. It is not asked for the rights in [exempt], and does not limit them. *)
Definition ask_layer (answer : mask -> decision) (desired exempt : mask) (j : join) : progress :=
  let asked := diff desired exempt in
  if is_empty asked then refuse (CheckReason NothingAsked) j
  else match answer asked with
  | Allow granted => GoesOn (limit_join granted exempt j)
  | Refuse granted _ why => denied_by granted why exempt j
  end.

(** Asks for a right on another object. If it is granted, that grants nothing here. *)
Definition require (d : decision) (j : join) : progress :=
  match d with
  | Allow _ => GoesOn j
  | Refuse _ _ Undetermined => GoesOn (doubt j)
  | Refuse _ _ why => refuse (CheckReason why) j
  end.

(** The decision after all layers were asked. [maybe] says whether unknown facts could make all layers grant a
    right, if they grant nothing for certain. *)
Definition finish_join (maybe : unit -> bool) (j : join) : layered_decision :=
  if j_doubt j then refusal_of (CheckReason Undetermined) j
  else if contains (joined j) (explicit r) && negb (is_empty (joined j)) then LayersAllow (joined j)
  else refusal_of (CheckReason (if maybe tt then Undetermined else NotGranted)) j.
Definition finish_progress (maybe : unit -> bool) (p : progress) : layered_decision :=
  match p with GoesOn j => finish_join maybe j | Ends d => d end.
End Join.

(** Each bit of a mask, alone. *)
Definition each_right : list mask := map (fun i => N.shiftl 1 (N.of_nat i)) (seq 0 32).
(** Each right that MAXIMUM_ALLOWED can list, alone. *)
Definition single_rights : list mask :=
  filter (fun m => negb (intersects m (union (union GENERIC MAXIMUM_ALLOWED) ACCESS_SYSTEM_SECURITY))) each_right.

Definition is_undetermined (d : layered_decision) : bool :=
  match d with LayersRefuse _ _ (CheckReason Undetermined) => true | _ => false end.
Definition layers_granted (d : layered_decision) : mask := match d with LayersAllow g => g | _ => 0 end.
Definition layers_allow (d : layered_decision) : bool := match d with LayersAllow _ => true | _ => false end.

(** A right from elsewhere may take the place of one that a check refused for this reason. *)
Definition can_be_mended (why : reason) : bool :=
  match why with NotGranted | CentralPolicy | Undetermined => true | _ => false end.

(** * Layers that must each grant what is asked for *)

Definition layer : Type := mask * (mask -> decision).
Definition ask_layers (r : request) (desired : mask) (layers : list layer) : progress :=
  fold_left (fun p l => and_then p (ask_layer r (snd l) desired (fst l))) layers (GoesOn new_join).

(** Whether unknown facts may grant this right alone. *)
Definition may_grant (layers : list layer) (right_ : mask) : bool :=
  is_undetermined (finish_progress (request_of right_) (fun _ => false)
    (ask_layers (request_of right_) right_ layers)).

(** The decision. [r] is the request with generic rights mapped, [desired] the rights as given. *)
Definition check_all (r : request) (desired : mask) (layers : list layer) : layered_decision :=
  match layers with
  | [] => refusal_of r ObjectRule new_join
  | _ => finish_progress r (fun _ => existsb (may_grant layers) single_rights) (ask_layers r desired layers)
  end.
