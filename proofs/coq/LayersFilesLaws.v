(** Laws of files: what opening, creating and renaming a file need. *)
From Coq Require Import NArith List Bool.
From Sddl Require Import Model Bits Walk Effects Layers LayersLaws LayersFiles LayersSteps.
Import ListNotations.
Local Open Scope N_scope.
#[local] Arguments complement : simpl never.
#[local] Arguments single_rights : simpl never.
#[local] Arguments each_right : simpl never.
#[local] Arguments union : simpl never.
#[local] Arguments inter : simpl never.
#[local] Arguments diff : simpl never.

Section Files.
Context {descriptor : Type}.
Variable ask : descriptor -> mask -> bool -> bool -> decision.
Variable a : file_access descriptor.
Notation with_intent := (with_intent descriptor ask a).
Notation without_intent := (without_intent descriptor ask).

(** * Where the rights on a file come from *)

(** The file's own descriptor allows a request for this right, or grants it with the maximum. *)
Definition own_grant (d : descriptor) (i : N) : Prop :=
  exists m g, with_intent d m = Allow g /\ (bit m i = true \/ bit g i = true).

(** The parent grants it: DELETE by FILE_DELETE_CHILD, FILE_READ_ATTRIBUTES by FILE_LIST_DIRECTORY. *)
Definition parent_grant (i : N) : Prop :=
  exists p row g, parent _ a = Some p /\ In row FROM_PARENT /\ bit (fst row) i = true /\
    without_intent p (snd row) = Allow g.

Lemma certain_from_parent w i : bit (p_certain (from_parent descriptor ask a w)) i = true -> parent_grant i.
Proof.
  unfold from_parent. destruct (parent _ a) as [p|] eqn:P; [|cbn; discriminate].
  assert (F : forall rows acc, (forall row, In row rows -> In row FROM_PARENT) ->
    (bit (p_certain acc) i = true -> parent_grant i) ->
    bit (p_certain (fold_left (fun p0 row =>
      if contains w (fst row) then
        match without_intent p (snd row) with
        | Allow _ => {| p_certain := union (p_certain p0) (fst row); p_possible := p_possible p0 |}
        | Refuse _ _ Undetermined =>
          {| p_certain := p_certain p0; p_possible := union (p_possible p0) (fst row) |}
        | Refuse _ _ _ => p0
        end
      else p0) rows acc)) i = true -> parent_grant i).
  { induction rows as [|row rows IH]; intros acc Rows Acc; [exact Acc|]. cbn [fold_left]. apply IH.
    - intros x X. apply Rows. right. exact X.
    - destruct (contains w (fst row)); [|exact Acc].
      destruct (without_intent p (snd row)) as [g|g m why] eqn:W.
      + cbn [p_certain]. rewrite union_bit, orb_true_iff. intros [H|H]; [apply Acc, H|].
        exists p, row, g. repeat split; auto. apply Rows. left. reflexivity.
      + destruct why; exact Acc. }
  apply F; [auto|]. cbn. discriminate.
Qed.

Lemma limited_bit g j i : bit (match j_granted (limit_join g 0 j) with Some g => g | None => 0 end) i =
  true ->
  bit g i = true.
Proof.
  cbn [limit_join j_granted]. destruct (j_granted j) as [b|];
    rewrite ?inter_bit, ?andb_true_iff, union_bit, zero_bit,
    orb_false_r; tauto.
Qed.

(** Each right that is joined comes from the file or from its parent. *)
Lemma own_rights_from r needs d j j' : reaches (own_rights descriptor ask a r needs d j) j' ->
  forall i, bit (match j_granted j' with Some g => g | None => 0 end) i = true ->
    own_grant d i \/ parent_grant i.
Proof.
  unfold own_rights. destruct (maximum needs).
  - unfold maximum_rights. cbn zeta. set (first := with_intent d _). intros H.
    match type of H with reaches (match first with Allow _ => ?p | Refuse _ _ _ => _ end) _ =>
      assert (K : reaches p j') end.
    { destruct first as [g|g m w]; [exact H|]. destruct (can_be_mended w); [exact H|].
      destruct (denied_is_no_way _ _ _ _ _ _ H). }
    clear H. destruct (_ && _) in K; [destruct (refused_is_no_way _ _ _ _ K)|].
    match type of K with context [limit_join ?t 0 j] => set (total := t) in K end.
    assert (E : j' = limit_join total 0 j).
    { match type of K with reaches (match ?x with Allow _ => _ | Refuse _ _ _ => _ end) _ =>
        destruct x as [g|g m w] end; [destruct K as [[= <-] _]; reflexivity|].
      destruct (_ || _) in K; [|destruct K as [[= <-] _]; reflexivity].
      match type of K with reaches (if ?b then _ else _) _ => destruct b end.
      - destruct K as [[= <-] D]. discriminate.
      - destruct (refused_is_no_way _ _ _ _ K). }
    intros i H. rewrite E in H. apply limited_bit in H. unfold total in H.
    rewrite union_bit, orb_true_iff in H.
    assert (First : bit (granted_in_decision first) i = true -> own_grant d i).
    { intros G. destruct first as [g|g m w] eqn:F; [|cbn in G; discriminate].
      exists (union MAXIMUM_ALLOWED (inter (explicit needs) ACCESS_SYSTEM_SECURITY)), g.
      split; [exact F|right; exact G]. }
    destruct H as [H|H].
    + assert (T : bit (union (inter (granted_in_decision first) FILE_RIGHTS)
        (p_certain (from_parent descriptor ask a (complement (inter (granted_in_decision first)
          FILE_RIGHTS))))) i = true).
      { destruct (read_only _ a); [rewrite diff_bit, andb_true_iff in H; apply H|exact H]. }
      rewrite union_bit, inter_bit, orb_true_iff, andb_true_iff in T.
      destruct T as [[T _]|T]; [left; apply First, T|right; apply (certain_from_parent _ _ T)].
    + left. match type of H with bit (if ?b then _ else _) i = true =>
        destruct b; [cbn in H; discriminate|] end.
      match type of H with bit (granted_in_decision ?x) i = true =>
        destruct x as [g|g m w] eqn:X; [|cbn in H; discriminate] end.
      eexists _, g. split; [exact X|right; exact H].
  - unfold named_rights. intros H i G. set (needed := explicit needs) in *.
    assert (All : forall j, j' = limit_join needed 0 j -> bit needed i = true)
      by (intros k ->; apply (limited_bit _ k), G).
    destruct (with_intent d needed) as [g|g m w] eqn:First.
    + destruct H as [[= <-] _]. left. exists needed, g. split; [exact First|]. left. apply (All j eq_refl).
    + destruct (negb (can_be_mended w)); [destruct (denied_is_no_way _ _ _ _ _ _ H)|]. cbn zeta in H.
      set (p := from_parent descriptor ask a needed) in *.
      destruct (is_empty (diff needed (p_certain p))) eqn:Rest.
      * destruct H as [[= <-] _]. right. apply (certain_from_parent needed). fold p.
        rewrite is_empty_spec in Rest. specialize (Rest i). rewrite diff_bit, (All j eq_refl) in Rest.
        destruct (bit (p_certain p) i); [reflexivity|discriminate].
      * destruct (_ =? _) in H; [destruct (denied_is_no_way _ _ _ _ _ _ H)|].
        destruct (with_intent d (diff needed (p_certain p))) as [g'|g' m' w'] eqn:Second.
        -- destruct H as [[= <-] _]. destruct (bit (p_certain p) i) eqn:C.
           ++ right. apply (certain_from_parent needed), C.
           ++ left. exists (diff needed (p_certain p)), g'. split; [exact Second|]. left.
              rewrite diff_bit, (All j eq_refl), C. reflexivity.
        -- destruct (denied_is_no_way _ _ _ _ _ _ H).
Qed.

(** * Opening *)

(** The steps of an open request that is allowed. *)
Lemma opened d : layers_allow (open_file descriptor ask a d) = true ->
  exists j1 j, reaches (reach descriptor ask a (file_request _ a)
      (needing (file_request _ a) (needed_by (f_disposition _ a))) new_join) j1 /\
    reaches (own_rights descriptor ask a (file_request _ a)
      (needing (file_request _ a) (needed_by (f_disposition _ a))) d j1) j /\
    layers_granted (open_file descriptor ask a d) = joined (file_request _ a) j /\
    refuse_malformed descriptor a (file_request _ a) new_join = GoesOn new_join /\
    opens (f_disposition _ a) = true /\
    (read_only _ a && negb (is_directory _ a)
      && (intersects (explicit (needing (file_request _ a) (needed_by (f_disposition _ a))))
            (union FILE_WRITE_DATA FILE_APPEND_DATA) || replaces (f_disposition _ a))) = false.
Proof.
  intros H. unfold open_file in H. apply allowed_file in H; [|intros r; apply more_open].
  destruct H as (j & R & G). fold (file_request _ a) in R. unfold try_open in R.
  assert (N : refuse_malformed descriptor a (file_request _ a) new_join = GoesOn new_join).
  { destruct R as [R _]. unfold refuse_malformed in *.
    destruct (_ && _) in R |- *; [discriminate|]. destruct (intersects _ _) in R |- *; [discriminate|].
    destruct (_ && _) in R |- *; [discriminate|]. reflexivity. }
  rewrite N in R. cbn [and_then] in R. cbn zeta in R.
  destruct (opens (f_disposition _ a)) eqn:O; cbn [negb] in R; [|destruct (refused_is_no_way _ _ _ _ R)].
  destruct (replaces (f_disposition _ a) && is_directory _ a); [destruct (refused_is_no_way _ _ _ _ R)|].
  match type of R with reaches (if ?b then _ else _) _ => destruct b eqn:W end;
    [destruct (refused_is_no_way _ _ _ _ R)|].
  destruct (read_only _ a && delete_on_close _ a); [destruct (refused_is_no_way _ _ _ _ R)|].
  apply reaches_then in R; [|intros k; apply more_own]. destruct R as (j1 & R1 & R2).
  exists j1, j. repeat split; try assumption; [apply R1|apply R1|apply R2|apply R2].
Qed.

(** A right on a file that is opened is granted by the file's own descriptor or by its parent. *)
Theorem opened_by_file_or_parent d i : bit (layers_granted (open_file descriptor ask a d)) i = true ->
  own_grant d i \/ parent_grant i.
Proof.
  intros H. destruct (layers_allow (open_file descriptor ask a d)) eqn:A;
    [|rewrite (refused_granted _ A) in H; discriminate].
  destruct (opened d A) as (j1 & j & _ & R & G & _). rewrite G in H. apply joined_from in H.
  apply (own_rights_from _ _ _ _ _ R i H).
Qed.

(** A file that is opened through a share has no right that the share does not grant. The share is not asked
    for ACCESS_SYSTEM_SECURITY. *)
Theorem opened_through_share d s i : share _ a = Some s ->
  bit (layers_granted (open_file descriptor ask a d)) i = true ->
  exists m, bit (union (granted_of (without_intent s m)) ACCESS_SYSTEM_SECURITY) i = true.
Proof.
  intros S H. destruct (layers_allow (open_file descriptor ask a d)) eqn:A;
    [|rewrite (refused_granted _ A) in H; discriminate].
  destruct (opened d A) as (j1 & j & R1 & R2 & G & _). rewrite G in H. apply joined_from in H.
  set (r := file_request _ a) in *. set (needs := needing r _) in *.
  unfold reach in R1. apply reaches_then in R1.
  2: { intros k. destruct (has_change_notify _ a); [apply narrows_same|]. apply more_requires, narrows_same. }
  destruct R1 as (jf & RF & RT). unfold front in RF. cbn zeta in RF. rewrite S in RF.
  apply reaches_then in RF.
  2: { intros k. destruct (volume_guard _ a); [apply never_more_ask|apply narrows_same]. }
  destruct RF as (js & RS & RG).
  apply reaches_then in RS; [|intros k; apply never_more_ask]. destruct RS as (j0 & _ & RS).
  apply reaches_ask in RS. destruct RS as (g & Ask & ->).
  exists (diff (desired_of needs) ACCESS_SYSTEM_SECURITY). rewrite Ask. cbn [granted_of].
  assert (Down : forall k k' p, never_more k p -> reaches p k' -> narrows_join k k')
    by (intros k k' p N [-> _]; exact N).
  assert (N : narrows_join (limit_join g ACCESS_SYSTEM_SECURITY j0) j).
  { apply narrows_next with jf; [eapply Down; [|exact RG]|].
    - destruct (volume_guard _ a); [apply never_more_ask|apply narrows_same].
    - apply narrows_next with j1; [eapply Down; [|exact RT]|eapply Down; [|exact R2]].
      + destruct (has_change_notify _ a); [apply narrows_same|]. apply more_requires, narrows_same.
      + apply more_own. }
  destruct N as [N _]. cbn [limit_join j_granted] in N. destruct (N _ eq_refl) as (g' & E & W).
  rewrite E in H. specialize (W i H). destruct (j_granted j0); [|exact W].
  rewrite inter_bit, andb_true_iff in W. apply W.
Qed.
End Files.
