(** Law 3: removing a group from a caller. *)
From Coq Require Import NArith List Bool Lia.
From Sddl Require Import Model Bits Walk Effects Knowing Why.
Import ListNotations.
Local Open Scope N_scope.

Lemma sid_eqb_eq a b : sid_eqb a b = true <-> a = b.
Proof.
  destruct a, b; cbn; try (split; [discriminate|intros X; discriminate X]); try (split; reflexivity);
    rewrite N.eqb_eq; (split; [intros -> | intros [= ->]]; reflexivity).
Qed.

(** The groups without one. *)
Definition without (g : sid) (gs : list (sid * bool)) : list (sid * bool) :=
  filter (fun x => negb (sid_eqb g (fst x))) gs.

Lemma in_without g gs d s : in_groups (without g gs) d s = negb (sid_eqb g s) && in_groups gs d s.
Proof.
  unfold in_groups, without.
  induction gs as [|[x b] gs IH]; cbn [filter existsb fst snd]; [symmetry; apply andb_false_r|].
  destruct (sid_eqb g x) eqn:Gx; cbn [negb].
  - rewrite IH.
    destruct (sid_eqb s x) eqn:Sx; cbn [andb orb]; [|reflexivity].
    apply sid_eqb_eq in Sx.
    subst x.
    rewrite Gx.
    reflexivity.
  - cbn [existsb fst snd].
    rewrite IH.
    destruct (sid_eqb s x) eqn:Sx; cbn [andb orb]; [|reflexivity].
    apply sid_eqb_eq in Sx.
    subst x.
    rewrite Gx.
    destruct (eqb d b), (existsb _ gs); reflexivity.
Qed.

Section Removing.
Context {condition : Type}.
Implicit Types e : ace condition.

(** An effect is certain to grant only if another is, and denies whatever the other denies. *)
Definition weaker (x' x : option effect) : Prop :=
  match x', x with
  | Some (Granted, m'), Some (Granted, m) => m' = m
  | Some (Granted, _), _ => False
  | Some (Denied, m'), Some (Denied, m) | Some (Denied, m'), Some (MayBeDenied, m)
  | Some (MayBeDenied, m'), Some (Denied, m) | Some (MayBeDenied, m'), Some (MayBeDenied, m) => m' = m
  | Some (MayBeGranted, _), Some (Denied, _) | Some (MayBeGranted, _), Some (MayBeDenied, _)
  | None, Some (Denied, _) | None, Some (MayBeDenied, _) => False
  | _, _ => True
  end.

Lemma weaker_refl x : weaker x x.
Proof. destruct x as [[[] m]|]; cbn; auto. Qed.

Lemma weaker_run x' x fs' fs i : weaker x' x -> (sure fs' i = true -> sure fs i = true) ->
  sure (opt x' ++ fs') i = true -> sure (opt x ++ fs) i = true.
Proof.
  destruct x' as [[[] m']|], x as [[[] m]|]; cbn; intros W; try contradiction; subst; auto;
    try destruct (bit m i); try destruct (bit m' i); auto; discriminate.
Qed.

Lemma weaker_grants x' x : is_grant x' -> is_grant x ->
  (forall m, x' = Some (Granted, m) -> x = Some (Granted, m)) -> weaker x' x.
Proof.
  intros G' G H.
  destruct x' as [[[] m']|]; cbn in G'; try contradiction;
    try (rewrite (H m' eq_refl); reflexivity);
    destruct x as [[[] m]|]; cbn in *; try contradiction; exact I.
Qed.

Variables (q : question condition) (es : list (ace condition)) (g : sid)
  (verdicts : bool -> condition -> verdict).
Let c := q_caller q.
Let before_removal := with_dacl q es.

(** This question about the caller without this group; conditions then have these verdicts. *)
Definition without_group : question condition :=
  with_knowledge before_removal (without g (groups c)) (groups_complete c) (ruled_out c) verdicts.

(** The group is none of the SIDs of an app container. *)
Hypothesis Not_of_container : forall a, container c = Some a -> container_holds a g = false.

(** No Deny that counts is for this group. *)
Hypothesis No_deny : forall e t, In e es -> a_kind e = KDeny -> a_inherit_only e = false ->
  a_trustee e = Some t -> meant q t <> Some g.

(** No condition of a Deny depends on it. *)
Hypothesis Deny_conditions : forall e k, In e es -> a_kind e = KDeny -> a_data e = Conditional k ->
  verdicts true k = q_verdict q true k.

(** No condition of an Allow becomes true by its absence. *)
Hypothesis Allow_conditions : forall e k, In e es -> a_kind e = KAllow -> a_data e = Conditional k ->
  judged false (verdicts false k) = Yes -> judged false (q_verdict q false k) = Yes.

Lemma membership_without s : s <> g ->
  membership_of (q_caller without_group) s = membership_of c s.
Proof.
  intros N.
  assert (E : sid_eqb g s = false).
  { destruct (sid_eqb g s) eqn:E; [|reflexivity].
    apply sid_eqb_eq in E.
    congruence. }
  unfold membership_of.
  cbn [without_group with_knowledge q_caller groups user user_deny_only groups_complete ruled_out].
  rewrite !in_without, E.
  reflexivity.
Qed.

Lemma membership_still s :
  membership_of (q_caller without_group) s = Enabled -> membership_of c s = Enabled.
Proof.
  unfold membership_of.
  cbn [without_group with_knowledge q_caller groups user user_deny_only groups_complete ruled_out].
  rewrite !in_without.
  change (q_caller before_removal) with c.
  fold c.
  destruct (is_stand_in s); [discriminate|].
  destruct (in_groups (groups c) false s); [reflexivity|].
  rewrite andb_false_r.
  destruct (sid_eqb (user c) s); [exact (fun H => H)|].
  destruct (negb (sid_eqb g s) && _); [discriminate|].
  destruct (_ || _ || _); discriminate.
Qed.

Lemma member_without a s : s <> g -> member without_group a s = member q a s.
Proof.
  intros N.
  destruct a; cbn [member].
  - apply membership_without, N.
  - reflexivity.
  - unfold container_membership.
    rewrite (membership_without s N).
    reflexivity.
Qed.

Lemma member_still a s : member without_group a s = Enabled -> member q a s = Enabled.
Proof.
  destruct a; cbn [member].
  - apply membership_still.
  - exact (fun H => H).
  - unfold container_membership.
    change (container (q_caller without_group)) with (container c).
    change (container (q_caller q)) with (container c).
    destruct (container c) as [a|]; [|discriminate].
    destruct (sid_eqb g s) eqn:E.
    + apply sid_eqb_eq in E.
      subst s.
      rewrite (Not_of_container a eq_refl).
      destruct (membership_of _ g); discriminate.
    + rewrite membership_without; [exact (fun H => H)|].
      intros ->.
      assert (X : sid_eqb g g = true) by (apply sid_eqb_eq; reflexivity).
      congruence.
Qed.

Lemma owner_weaker a : weaker (implicit_owner_rights without_group a es) (implicit_owner_rights q a es).
Proof.
  apply weaker_grants; [apply owner_grants..|].
  intros m.
  unfold implicit_owner_rights, owner_rights, owner_membership.
  change (q_descriptor without_group) with (q_descriptor before_removal).
  change (owner (q_descriptor before_removal)) with (owner (q_descriptor q)).
  change (req without_group) with (req q).
  change (replaces_owner without_group) with (replaces_owner q).
  change (restriction (q_caller without_group)) with (restriction c).
  change (restricting_membership (q_caller without_group)) with (restricting_membership c).
  fold c.
  destruct (is_container a); [discriminate|].
  destruct (intersects _ _); [|discriminate].
  destruct (owner _) as [s|]; [|discriminate].
  destruct (existsb _ es); [discriminate|].
  pose proof (membership_still s) as St.
  destruct (restriction c); [destruct (restricting_membership c s); try discriminate|];
    destruct (membership_of (q_caller without_group) s); try discriminate; rewrite St by reflexivity;
    exact (fun H => H).
Qed.

Lemma entry_weaker a e : In e es -> weaker (entry_effect without_group a e) (entry_effect q a e).
Proof.
  intros Hin.
  destruct (a_kind e) eqn:K.
  - apply weaker_grants; [apply allow_grants, K..|].
    intros m H.
    destruct (granting_entry _ _ _ _ H) as (_ & I & (t & s & T & M & Mem) & El & Un & D).
    rewrite (such_an_entry_grants without_group a e t s) in H by assumption.
    change (bits_of without_group a e true) with (bits_of q a e true) in H.
    rewrite <- H.
    apply (such_an_entry_grants q a e t s); try assumption.
    + apply member_still, Mem.
    + destruct D as [D|(k & D & J)]; [left; exact D|right].
      exists k.
      split; [exact D|].
      apply (Allow_conditions e k Hin K D J).
  - assert (E : entry_effect without_group a e = entry_effect q a e); [|rewrite E; apply weaker_refl].
    unfold entry_effect, access, resolve.
    rewrite K.
    destruct (a_inherit_only e) eqn:I; [reflexivity|].
    destruct (is_container a); [reflexivity|].
    destruct (a_trustee e) as [t|] eqn:T; [|reflexivity].
    change (meant without_group t) with (meant q t).
    destruct (meant q t) as [s|] eqn:M; [|reflexivity].
    rewrite member_without.
    + change (is_elsewhere without_group e) with (is_elsewhere q e).
      change (bits_of without_group a e) with (bits_of q a e).
      cbn [negb andb].
      destruct (a_data e) as [|k|] eqn:D; try reflexivity.
      change (q_verdict without_group true k) with (verdicts true k).
      rewrite (Deny_conditions e k Hin K D).
      reflexivity.
    + intros ->.
      exact (No_deny e t Hin K I T M).
  - unfold entry_effect.
    rewrite K.
    destruct (a_inherit_only e); exact Logic.I.
  - unfold entry_effect.
    rewrite K.
    apply weaker_refl.
Qed.

(** Law 3: removing a group never grants more, if no Deny and no condition of a Deny is about the group, no
    condition of an Allow becomes true by its absence, and it is none of the SIDs of an app container. *)
Theorem law_3 : within (granted_of (check without_group)) (granted_of (check before_removal)).
Proof.
  apply grants_no_less; [exact (fun G => G)|reflexivity|].
  intros i.
  unfold in_all.
  change (req without_group) with (req before_removal).
  change (accounts without_group) with (accounts before_removal).
  rewrite !andb_true_iff, !forallb_forall.
  intros [W H].
  split; [exact W|].
  intros a Ha.
  specialize (H a Ha).
  revert H.
  change (all_effects without_group a) with (begins before_removal a ++
    opt (implicit_owner_rights without_group a es) ++ effects without_group a es).
  change (all_effects before_removal a) with (begins before_removal a ++
    opt (implicit_owner_rights q a es) ++ effects q a es).
  apply run_app, weaker_run; [apply owner_weaker|].
  assert (E : forall l, incl l es ->
    sure (effects without_group a l) i = true -> sure (effects q a l) i = true).
  { induction l as [|e l IH]; [exact (fun _ H => H)|].
    intros Sub.
    apply (weaker_run (entry_effect without_group a e) (entry_effect q a e)).
    - apply entry_weaker, Sub.
      left.
      reflexivity.
    - apply IH.
      intros x Hx.
      apply Sub.
      right.
      exact Hx. }
  apply E, incl_refl.
Qed.
End Removing.

(** A membership that is known after a group is forgotten is the one that was known before. *)
Lemma forgotten_memberships {condition : Type} (q : question condition) g verdicts :
  let c := q_caller q in
  let forgotten := with_knowledge q (without g (groups c)) false (ruled_out c) verdicts in
  holds (ruled_out c) g = false -> is_container_sid g = false -> sid_eqb (user c) g = false ->
  forall s, membership_of (q_caller forgotten) s = UnknownMember \/
    membership_of c s = membership_of (q_caller forgotten) s.
Proof.
  intros c forgotten Out Cont User s.
  unfold membership_of.
  cbn [forgotten with_knowledge q_caller groups user user_deny_only groups_complete ruled_out].
  fold c.
  rewrite !in_without.
  destruct (is_stand_in s); [right; reflexivity|].
  destruct (sid_eqb g s) eqn:E.
  - apply sid_eqb_eq in E.
    subst s.
    cbn [negb andb].
    rewrite User, Out, Cont.
    left.
    reflexivity.
  - cbn [negb andb].
    destruct (in_groups (groups c) false s); [right; reflexivity|].
    destruct (sid_eqb (user c) s); [right; reflexivity|].
    destruct (in_groups (groups c) true s); [right; reflexivity|].
    cbn [orb].
    destruct (holds (ruled_out c) s || is_container_sid s) eqn:H; [right|left; reflexivity].
    destruct (groups_complete c); [reflexivity|].
    cbn [orb].
    rewrite H.
    reflexivity.
Qed.

(** Law 3: forgetting a group never grants more, if the list of groups is then marked as incomplete, and the
    conditions that the group decides are no longer certain. *)
Theorem law_3_forgotten {condition : Type} (q : question condition) g verdicts :
  let c := q_caller q in
  let forgotten := with_knowledge q (without g (groups c)) false (ruled_out c) verdicts in
  holds (ruled_out c) g = false -> is_container_sid g = false -> sid_eqb (user c) g = false ->
  (forall d k t, can_be (q_verdict q d k) t = true -> can_be (verdicts d k) t = true) ->
  (forall d k, exists t, can_be (q_verdict q d k) t = true) ->
  within (granted_of (check forgotten)) (granted_of (check q)).
Proof.
  intros c forgotten Out Cont User Sub Ex.
  assert (Q : q = with_knowledge forgotten (groups c) (groups_complete c) (ruled_out c) (q_verdict q)).
  { unfold forgotten, c.
    destruct q as [d cq w o p ev vs].
    destruct cq.
    reflexivity. }
  rewrite Q.
  apply law_11_granted.
  rewrite <- Q.
  split; [|split; [exact Sub|exact Ex]].
  exact (forgotten_memberships q g verdicts Out Cont User).
Qed.
