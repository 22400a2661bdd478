(* The model's answer, and whether the program's line says so. *)
open Numbers

type expected =
  | Answer of { decision : string; nodes : string; undetermined : bool; is_layered : bool }
  | Error of string (* the program refuses the line with this code *)

let decision = function
  | Model.Allow granted -> Printf.sprintf {|"decision":"allowed","granted":"0x%x","missing":"0x0"|} (int granted)
  | Refuse (_, missing, _) -> Printf.sprintf {|"decision":"denied","granted":"0x0","missing":"0x%x"|} (int missing)

let is_undetermined = function Model.Refuse (_, _, Undetermined) -> true | Allow _ | Refuse _ -> false
let generic = 0xf0000000

let node ((level, guid), answer) =
  Printf.sprintf {|{"level":%d,"object":"%s",%s}|} level Names.guids.(guid) (decision answer)

let of_parts question parts =
  let nodes = List.map (fun (level, guid) -> Numbers.nat level, n guid) parts in
  match Trees.check_parts question nodes with
  | None -> invalid_arg "a level is skipped"
  | Some (whole, answers) ->
    let nodes = String.concat "," (List.map node (List.combine parts answers)) in
    Answer { decision = decision whole; nodes = {|,"nodes":[|} ^ nodes ^ "]"; undetermined = List.exists is_undetermined answers;
             is_layered = false }

let of_layers = function
  | Layers.LayersAllow granted ->
    Answer { decision = decision (Allow granted); nodes = ""; undetermined = false; is_layered = true }
  | LayersRefuse (granted, missing, why) ->
    let decision = decision (Refuse (granted, missing, NotGranted)) in
    Answer { decision; nodes = ""; undetermined = (why = CheckReason Undetermined); is_layered = true }

let of_question demands (q : Question.t) =
  let question = Model_of.question demands q in
  let is_generic = q.desired land generic <> 0 in
  match Model_of.layered demands q with
  | Some answer -> of_layers answer
  | None when is_generic && q.mapping = None_ -> Error "mapping_missing"
  | None when is_generic && Model.mapped question question.q_desired = N0 -> Error "generic_not_mapped"
  | None when q.parts <> [] -> of_parts question q.parts
  | None ->
    let whole = Model_of.check q q.descriptor question in
    Answer { decision = decision whole; nodes = ""; undetermined = is_undetermined whole; is_layered = false }

let starts_with = String.starts_with
let ends_with = String.ends_with

(* The program names the facts that an undetermined answer depends on, and no others. After them it says which layer denied, which the
   model does not say. *)
let agrees expected line = match expected with
  | Error code -> starts_with ~prefix:(Printf.sprintf {|{"error":{"kind":"%s"|} code) line
  | Answer { decision; nodes; undetermined; is_layered } ->
    let before = "{" ^ decision ^ {|,"resolve":[|} and after = "]" ^ nodes ^ "}" in
    let names = String.length line > String.length before && line.[String.length before] <> ']' in
    starts_with ~prefix:before line && names = undetermined && (is_layered || ends_with ~suffix:after line)

let text = function
  | Error code -> Printf.sprintf {|{"error":"%s"}|} code
  | Answer { decision; nodes; undetermined; _ } -> Printf.sprintf {|{%s,"undetermined":%b%s}|} decision undetermined nodes

(* The row of the count that it belongs to. *)
let name = function
  | Error code -> "the program refuses the line: " ^ code
  | Answer { undetermined = true; _ } -> "undetermined"
  | Answer { decision; _ } -> if starts_with ~prefix:{|"decision":"allowed"|} decision then "allowed" else "denied"
