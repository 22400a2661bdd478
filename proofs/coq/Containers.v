(** Laws about callers in an app container. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects.
Import ListNotations.
Local Open Scope N_scope.

Section Containers.
Context {condition : Type}.
Implicit Types q : question condition.
Implicit Types e : ace condition.

(** This question about the caller in this container, or in none, at this integrity level. *)
Definition with_container q (k : option app_container) (l : N) : question condition :=
  let c := q_caller q in
  {| q_descriptor := q_descriptor q; q_desired := q_desired q; q_options := q_options q; q_part := q_part q;
     q_evaluates_policies := q_evaluates_policies q; q_verdict := q_verdict q;
     q_caller :=
       {| user := user c; user_deny_only := user_deny_only c; groups := groups c;
          groups_complete := groups_complete c; ruled_out := ruled_out c; restriction := restriction c;
          container := k;
          holds_security := holds_security c; holds_backup := holds_backup c;
          holds_restore := holds_restore c; holds_take_ownership := holds_take_ownership c;
          holds_relabel := holds_relabel c; level := l; no_write_up := no_write_up c |} |}.

(** No Deny, and no entry of an unknown type, has an effect on a container. *)
Theorem denies_are_inert q e : a_kind e <> KAllow -> entry_effect q OfContainer e = None.
Proof.
  intros K.
  unfold entry_effect.
  destruct (a_inherit_only e); [reflexivity|].
  destruct (a_kind e); try reflexivity.
  contradiction.
Qed.

(** A Deny for a SID of the container changes no detail of a decision, if neither the user nor a restricting
    SID is that SID. *)
Theorem denies_for_containers_are_inert q l1 e l2 t s : a_kind e = KDeny -> a_trustee e = Some t ->
  t <> OwnerRights -> meant q t = Some s -> membership_of (q_caller q) s = NotHeld ->
  restricting_membership (q_caller q) s = NotHeld ->
  check (with_dacl q (l1 ++ e :: l2)) = check (with_dacl q (l1 ++ l2)).
Proof.
  intros K T N M Out Out'.
  apply without_effect.
  - intros a.
    unfold entry_effect, access.
    rewrite K, T, M.
    destruct (a_inherit_only e); [reflexivity|].
    destruct a; cbn [is_container member]; [rewrite Out | rewrite Out' | ]; reflexivity.
  - unfold replaces_owner.
    rewrite K, T.
    destruct t; try (apply andb_false_r).
    contradiction.
Qed.

(** The label limits a contained caller no less than one that is free, and at least at the level Medium. *)
Lemma limit_of_container q a l l' : l <= l' -> 0x2000 <= l' ->
  limit (with_container q None l') = None \/
  limit (with_container q None l') = limit (with_container q (Some a) l).
Proof.
  intros L M.
  unfold limit.
  change (limit_below (with_container q None l')) with (limit_below (with_container q (Some a) l)).
  change (label (with_container q None l')) with (label q).
  change (label (with_container q (Some a) l)) with (label q).
  cbn [with_container q_caller container level no_write_up].
  destruct (negb (no_write_up (q_caller q))); [left; reflexivity|].
  cbn [orb andb].
  destruct (fst (label q) <=? l') eqn:E'; [left; reflexivity|].
  right.
  apply N.leb_gt in E'.
  replace (fst (label q) <=? l) with false by (symmetry; apply N.leb_gt; lia).
  replace (fst (label q) <=? 0x2000) with false by (symmetry; apply N.leb_gt; lia).
  rewrite andb_false_r.
  reflexivity.
Qed.

(** A bit that is certain in a container is certain outside it. *)
Lemma container_bits q a l l' i : l <= l' -> 0x2000 <= l' ->
  in_all (with_container q (Some a) l) false i = true -> in_all (with_container q None l') false i = true.
Proof.
  intros L M.
  unfold in_all.
  change (req (with_container q (Some a) l)) with (req q).
  change (req (with_container q None l')) with (req q).
  rewrite !andb_true_iff, !forallb_forall.
  intros [W H].
  split; [exact W|].
  intros b Hb.
  assert (Out : b <> OfContainer).
  { intros ->.
    unfold accounts, further_accounts in Hb.
    cbn [with_container q_caller container] in Hb.
    rewrite app_nil_r in Hb.
    destruct (restriction _); cbn in Hb; intuition discriminate. }
  assert (In' : In b (accounts (with_container q (Some a) l))).
  { unfold accounts, further_accounts in *.
    cbn [with_container q_caller container restriction] in *.
    rewrite app_nil_r in Hb.
    destruct Hb as [Hb|Hb]; [left; exact Hb|].
    right.
    apply in_or_app.
    left.
    exact Hb. }
  specialize (H b In').
  unfold all_effects in *.
  assert (E : pass_effects (with_container q None l') b = pass_effects (with_container q (Some a) l) b).
  { destruct b; [reflexivity|reflexivity|contradiction]. }
  rewrite E.
  clear E In' Hb.
  assert (B : forall rest, sure (before (with_container q (Some a) l) ++ rest) i = true ->
    sure (before (with_container q None l') ++ rest) i = true).
  { intros rest.
    unfold before.
    change (privilege_bits (with_container q None l')) with (privilege_bits (with_container q (Some a) l)).
    destruct (limit_of_container q a l l' L M) as [-> | ->]; [|exact (fun X => X)].
    cbn [app].
    apply (run_app false [_]).
    destruct (limit (with_container q (Some a) l)) as [m|]; [|exact (fun X => X)].
    cbn [app run settles].
    destruct (bit (complement m) i); [discriminate|exact (fun X => X)]. }
  destruct b; cbn [begins] in *.
  - apply B, H.
  - rewrite <- app_assoc in *.
    change (exempt (with_container q None l')) with (exempt (with_container q (Some a) l)).
    apply B, H.
  - contradiction.
Qed.

(** A container never adds: a caller in it is granted no more than outside, at its level or at Medium,
    whichever is higher. *)
Theorem container_never_adds q a l l' : l <= l' -> 0x2000 <= l' ->
  within (granted_of (check (with_container q (Some a) l))) (granted_of (check (with_container q None l'))).
Proof.
  intros L M.
  apply grants_no_less; [exact (fun G => G)|reflexivity|].
  intros i.
  apply container_bits; assumption.
Qed.

(** A low-privilege container does not have the SID of All Application Packages. *)
Theorem low_privilege_lacks_all_packages a : low_privilege a = true ->
  holds (capabilities a) AllPackages = false -> package a <> AllPackages ->
  container_holds a AllPackages = false.
Proof.
  intros Low Cap Pack.
  unfold container_holds, holds in *.
  rewrite Low.
  cbn [existsb negb andb].
  rewrite Cap.
  destruct (package a); try reflexivity.
  contradiction.
Qed.
End Containers.
