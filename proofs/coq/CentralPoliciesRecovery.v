(** The recovery policy: an object that names a policy which the machine lacks is open to nobody but
    Administrators and the system. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Effects CentralPolicies CentralPoliciesLaws.
Import ListNotations.
Local Open Scope N_scope.

Lemma no_bits s b : apply_bits s (b, 0) = s.
Proof.
  destruct s as [o g d]. unfold apply_bits. cbn [open may_granted may_denied fst snd].
  unfold inter, diff, union. rewrite N.land_0_r, N.ldiff_0_r, !N.lor_0_r. destruct b; reflexivity.
Qed.

Section Recovery.
Context {condition : Type}.
Variable q : question condition.
Variables admins system : N.
Let administrators := Account admins.
Let local_system := Account system.
Let recovery : rule condition := recovery_rule administrators local_system.
Let q' := with_dacl q (effective recovery).

(** The caller is in neither group in a way that an Allow entry counts. *)
Definition is_out (m : membership) : Prop := m = NotHeld \/ m = DenyOnly.
Hypothesis NotAdministrator : is_out (membership_of (q_caller q) administrators).
Hypothesis NotSystem : is_out (membership_of (q_caller q) local_system).

Lemma allow_out m n : is_out (membership_of (q_caller q) (Account n)) ->
  entry_effect q' OfCaller {| a_kind := KAllow; a_callback := false; a_inherit_only := false; a_mask := m;
    a_trustee := Some (Account n); a_object := None; a_data := NoData |} = None.
Proof.
  intros O. unfold entry_effect, access. cbn [a_inherit_only a_kind a_trustee meant member].
  change (q_caller q') with (q_caller q). destruct O as [-> | ->]; reflexivity.
Qed.

Lemma owner_entry_does_nothing s :
  apply_effect s (entry_effect q' OfCaller {| a_kind := KAllow; a_callback := false; a_inherit_only := false;
    a_mask := 0; a_trustee := Some OwnerRights; a_object := None; a_data := NoData |}) = s.
Proof.
  unfold entry_effect, access. cbn [a_inherit_only a_kind a_trustee meant].
  destruct (owner (q_descriptor q')) as [o|]; [|reflexivity].
  assert (R : forall sure, apply_effect s (resolve q' OfCaller {| a_kind := KAllow; a_callback := false;
    a_inherit_only := false; a_mask := 0; a_trustee := Some OwnerRights; a_object := None; a_data := NoData |}
    true sure) = s).
  { intros sure. unfold resolve, is_elsewhere, is_unevaluated, bits_of, mapped.
    cbn [a_object a_data a_callback a_mask q_part q' with_dacl andb orb negb].
    change (o_mapping (q_options q')) with (o_mapping (q_options q)).
    destruct (o_mapping (q_options q)) as [g|]; [change (mapped_by g 0) with 0|]; apply no_bits. }
  destruct (member q' OfCaller o); try reflexivity; apply R.
Qed.

Lemma entries_do_nothing s : entries q' OfCaller (effective recovery) s = s.
Proof.
  unfold recovery, recovery_rule. cbn [effective entries].
  rewrite owner_entry_does_nothing. unfold administrators, local_system.
  rewrite !allow_out by assumption. cbn [apply_effect].
  destruct (is_settled (req q') s); reflexivity.
Qed.

Lemma owner_has_nothing : implicit_owner_rights q' OfCaller (effective recovery) = None.
Proof.
  unfold implicit_owner_rights. cbn [is_container]. destruct (intersects _ _); [|reflexivity].
  unfold owner_rights. destruct (owner (q_descriptor q')); reflexivity.
Qed.

Lemma recovery_certain i : bit (g_certain (granted_by q (effective recovery))) i = true ->
  bit (privilege_bits q) i = true.
Proof.
  unfold granted_by. fold q'. destruct (refusal q'); [cbn; discriminate|].
  unfold grants_of. cbn [grants_of_passes g_certain]. rewrite in_each_pass_bit.
  rewrite forallb_forall. intros H. specialize (H OfCaller (or_introl eq_refl)).
  unfold after_pass, pass in H. change (dacl (q_descriptor q')) with (Some (effective recovery)) in H.
  cbn iota in H. rewrite owner_has_nothing in H. cbn [apply_effect] in H. rewrite entries_do_nothing in H.
  rewrite granted_bits, andb_true_iff in H. destruct H as [_ H]. unfold begins, before in H.
  change (privilege_bits q') with (privilege_bits q) in H. cbn [run settles] in H.
  destruct (bit (privilege_bits q) i); [reflexivity|].
  destruct (limit q') as [m|]; cbn [run settles] in H; [destruct (bit (complement m) i)|]; discriminate.
Qed.

(** If the machine lacks the policy that the object names, a caller that is neither in Administrators nor the
    system is granted nothing but what a privilege grants, not even as the owner. *)
Theorem recovery_grants_nobody_else scope_of number ps i : scope_of None = Always -> ps <> [] ->
  (forall p, In p ps -> policy_number p <> number \/ rules p = []) ->
  bit (granted_of (check_with_policies scope_of recovery q (Names number) ps)) i = true ->
  bit (privilege_bits q) i = true.
Proof.
  intros S N M H. rewrite missing_policy in H by assumption. apply recovery_certain.
  apply (granted_by_each_rule scope_of q [recovery] recovery i); [left; reflexivity| |exact H].
  cbn [recovery recovery_rule rule_applies_to]. unfold recovery, recovery_rule. cbn [rule_applies_to].
  rewrite S. reflexivity.
Qed.
End Recovery.
