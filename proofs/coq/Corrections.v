(** Rules of the check in which implementations differ. Each is the one that grants less. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects Mapping Requests Removing.
Import ListNotations.
Local Open Scope N_scope.

Section Corrections.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e : ace condition.

(** SeTakeOwnershipPrivilege grants nothing but WRITE_OWNER, and this only if it is asked for by name. *)
Theorem taking_ownership_is_by_name q i : holds_security (q_caller q) = false ->
  holds_backup (q_caller q) = false -> holds_restore (q_caller q) = false ->
  bit (privilege_bits q) i = true -> bit WRITE_OWNER i = true /\ bit (explicit (req q)) i = true.
Proof.
  intros S B R.
  unfold privilege_bits.
  rewrite S, B, R.
  cbn [andb].
  rewrite !union_bit, !zero_bit.
  cbn [orb].
  destruct (holds_take_ownership _); [|rewrite zero_bit; discriminate].
  rewrite !inter_bit, !andb_true_iff.
  tauto.
Qed.

(** Intents to back up or restore count with the mapping of files alone. *)
Theorem intents_are_for_files q : is_file q = false -> holds_security (q_caller q) = false ->
  holds_take_ownership (q_caller q) = false -> privilege_bits q = 0.
Proof.
  intros F S T.
  unfold privilege_bits.
  rewrite F, S, T, !andb_false_r.
  reflexivity.
Qed.

(** A caller below the label never writes, whether the label says NW or not: of the rights that write, it has
    only those that reading or executing needs too, and WRITE_OWNER by SeRelabelPrivilege. *)
Theorem below_the_label_nothing_writes q i :
  let meaning generic := match o_mapping (q_options q) with Some g => mapped_by g generic | None => 0 end in
  bit (limit_below q) i = true -> bit (meaning GENERIC_WRITE) i = true ->
  bit (meaning (union GENERIC_READ GENERIC_EXECUTE)) i = true \/ bit READ_CONTROL i = true \/
  bit SYNCHRONIZE i = true \/ (holds_relabel (q_caller q) = true /\ bit WRITE_OWNER i = true).
Proof.
  intros meaning H W.
  unfold limit_below in H.
  cbv zeta in H.
  fold meaning in H.
  rewrite union_bit, diff_bit, orb_true_iff, andb_true_iff, !union_bit in H.
  destruct H as [[H _]|H].
  - rewrite !orb_true_iff in H.
    tauto.
  - destruct (holds_relabel _); [auto 6|].
    rewrite zero_bit in H.
    discriminate.
Qed.

(** DELETE, WRITE_DAC and WRITE_OWNER need the level of the label with the mapping of files. *)
Theorem below_the_label_of_a_file q : o_mapping (q_options q) = Some FILE ->
  holds_relabel (q_caller q) = false ->
  inter (limit_below q) (union (union DELETE WRITE_DAC) WRITE_OWNER) = 0.
Proof.
  intros F R.
  apply mask_eq.
  intros i.
  rewrite inter_bit, zero_bit.
  destruct (bit (union (union DELETE WRITE_DAC) WRITE_OWNER) i) eqn:B; [|apply andb_false_r].
  rewrite andb_true_r.
  destruct (bit (limit_below q) i) eqn:L; [|reflexivity].
  unfold limit_below in L.
  rewrite F, R in L.
  cbv zeta in L.
  rewrite union_bit, diff_bit, zero_bit, orb_false_r, andb_true_iff in L.
  destruct L as [L _].
  assert (X : bit (inter
    (union (union (mapped_by FILE (union GENERIC_READ GENERIC_EXECUTE)) READ_CONTROL) SYNCHRONIZE)
    (union (union DELETE WRITE_DAC) WRITE_OWNER)) i = true) by (rewrite inter_bit, L, B; reflexivity).
  revert X.
  replace (inter _ _) with 0 by reflexivity.
  rewrite zero_bit.
  discriminate.
Qed.

(** An effective entry of an unknown type takes the implicit rights from the owner: it may be for Owner
    Rights. *)
Theorem unknown_type_replaces_owner q a es e : In e es -> a_kind e = KUnknown -> a_inherit_only e = false ->
  skip_unknown_types (q_options q) = false -> implicit_owner_rights q a es = None.
Proof.
  intros Hin K I S.
  apply owner_replaced, existsb_exists.
  exists e.
  split; [exact Hin|].
  unfold replaces_owner.
  rewrite I, K, S.
  apply orb_true_r.
Qed.

(** A user who is deny-only is granted nothing by an Allow for the user, and has no rights as the owner. *)
Theorem deny_only_user q e es : user_deny_only (q_caller q) = true ->
  is_stand_in (user (q_caller q)) = false ->
  in_groups (groups (q_caller q)) false (user (q_caller q)) = false ->
  a_kind e = KAllow -> a_trustee e = Some (user (q_caller q)) ->
  entry_effect q OfCaller e = None /\
  (owner (q_descriptor q) = Some (user (q_caller q)) -> implicit_owner_rights q OfCaller es = None).
Proof.
  intros D S G K T.
  assert (Refl : sid_eqb (user (q_caller q)) (user (q_caller q)) = true) by (apply sid_eqb_eq; reflexivity).
  assert (M : membership_of (q_caller q) (user (q_caller q)) = DenyOnly).
  { unfold membership_of.
    rewrite S, G, Refl, D.
    reflexivity. }
  split.
  - unfold entry_effect, access.
    rewrite K, T.
    destruct (a_inherit_only e); [reflexivity|].
    assert (Me : meant q (user (q_caller q)) = Some (user (q_caller q))).
    { destruct (user (q_caller q)); try discriminate; reflexivity. }
    rewrite Me.
    cbn [member].
    rewrite M.
    reflexivity.
  - intros O.
    unfold implicit_owner_rights, owner_rights, owner_membership.
    rewrite O, M.
    cbn [is_container].
    destruct (intersects _ _); [|reflexivity].
    destruct (existsb _ es); [reflexivity|].
    destruct (restriction _); [destruct (restricting_membership _ _)|]; reflexivity.
Qed.

(** If the first label is inherit-only, the object is at the level Medium with NW, whatever labels follow. *)
Theorem inherit_only_label q l policy rest :
  sacl (q_descriptor q) = {| s_kind := MandatoryLabel l policy; s_inherit_only := true |} :: rest ->
  label q = (0x2000, 1).
Proof.
  intros H.
  unfold label.
  rewrite H.
  reflexivity.
Qed.

(** A restricted caller has rights as the owner only if the owner is one of its restricting SIDs, in each
    pass. *)
Theorem restricted_owner q a es s : restriction (q_caller q) <> None -> owner (q_descriptor q) = Some s ->
  restricting_membership (q_caller q) s <> Enabled -> implicit_owner_rights q a es = None.
Proof.
  intros R O N.
  unfold implicit_owner_rights, owner_rights, owner_membership.
  rewrite O.
  destruct (is_container a); [reflexivity|].
  destruct (intersects _ _); [|reflexivity].
  destruct (existsb _ es); [reflexivity|].
  destruct (restriction (q_caller q)); [|contradiction].
  destruct (restricting_membership (q_caller q) s); try reflexivity.
  contradiction.
Qed.

(** An owner that is required and missing, and a group that is, refuse every request. *)
Theorem required_parts q : allowed (check q) = true ->
  (require_owner (q_options q) = true -> owner (q_descriptor q) <> None) /\
  (require_group (q_options q) = true -> has_group (q_descriptor q) = true).
Proof.
  intros A.
  apply allowed_iff in A.
  destruct A as [F _].
  unfold refusal in F.
  split.
  - intros R O.
    rewrite R, O in F.
    discriminate.
  - intros R.
    rewrite R in F.
    destruct (has_group _); [reflexivity|].
    rewrite orb_true_r in F.
    discriminate.
Qed.

(** A trust label, an access filter, and a central policy that is not evaluated refuse every request. *)
Theorem system_policies_refuse q (e : system_ace) : In e (sacl (q_descriptor q)) ->
  s_inherit_only e = false ->
  skip_system_policies (q_options q) = false ->
  s_kind e = ProcessTrustLabel \/ s_kind e = AccessFilter \/
    (s_kind e = ScopedPolicy /\ q_evaluates_policies q = false) ->
  allowed (check q) = false.
Proof.
  intros Hin I S K.
  destruct (allowed (check q)) eqn:A; [|reflexivity].
  apply allowed_iff in A.
  destruct A as [F _].
  apply refusal_free in F.
  destruct F as [F _].
  assert (X : existsb (is_unevaluated_limit q) (sacl (q_descriptor q)) = true).
  { apply existsb_exists.
    exists e.
    split; [exact Hin|].
    unfold is_unevaluated_limit.
    rewrite I, S.
    destruct K as [-> | [-> | [-> ->]]]; reflexivity. }
  unfold never_refuses in F.
  rewrite X, !andb_true_iff in F.
  destruct F as [_ F].
  discriminate.
Qed.
End Corrections.
