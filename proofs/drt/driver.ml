(* Asks the program random questions, and compares its answers with those of the model.

   driver compare PROGRAM QUESTIONS SEED
   driver cases: writes the small questions that have names, with the model's answers *)

let batch = 20_000
let shown = 5

let flags (demands : Question.demands) =
  (if demands.owner_required then [ "--require-owner" ] else []) @ if demands.group_required then [ "--require-group" ] else []

(* Gives the program a file of lines, and each line of its answer to [take]. *)
let ask program demands file take =
  let arguments = Array.of_list ([ program; "check"; "--lines"; "@" ^ file ] @ flags demands) in
  let answers = Unix.open_process_args_in program arguments in
  take answers;
  (* The status says how the answers came out. *)
  match Unix.close_process_in answers with
  | WEXITED (0 | 1 | 2 | 3) -> ()
  | WEXITED _ | WSIGNALED _ | WSTOPPED _ -> failwith "the program failed"

let disagreements = ref 0
let counts : (string, int) Hashtbl.t = Hashtbl.create 64
let count name = Hashtbl.replace counts name (1 + Option.value ~default:0 (Hashtbl.find_opt counts name))

let compare_line line expected said =
  count (Answer.name expected);
  if not (Answer.agrees expected said) then begin
    incr disagreements;
    if !disagreements <= shown then Printf.printf "the question %s\n  the model   %s\n  the program %s\n%!" line (Answer.text expected) said
  end

let compare_batch program size =
  let demands = Random_question.demands () in
  let file, channel = Filename.open_temp_file "questions" ".jsonl" in
  let asked = List.init size (fun _ ->
    let question, line = Random_question.question () in
    output_string channel line;
    output_char channel '\n';
    line, Answer.of_question demands question) in
  close_out channel;
  ask program demands file (fun answers ->
    List.iter (fun (line, expected) -> compare_line line expected (input_line answers)) asked);
  Sys.remove file

let compare program questions seed =
  Random.init (int_of_string seed);
  let rec from left = if left > 0 then begin compare_batch program (min left batch); from (left - batch) end in
  from (int_of_string questions);
  let rows = List.sort Stdlib.compare (Hashtbl.fold (fun name count rows -> (name, count) :: rows) counts []) in
  List.iter (fun (name, count) -> Printf.printf "  %9d %s\n" count name) rows;
  Printf.printf "%s questions with the seed %s: %d disagreements\n" questions seed !disagreements;
  exit (if !disagreements = 0 then 0 else 1)

let write_case (name, demands, question) =
  match Line.of_question question with
  | None -> failwith (name ^ ": no line can say it")
  | Some line ->
    let options = match flags demands with [] -> "" | flags -> Line.key "options" (Line.list Line.quoted flags) in
    let answer = Answer.text (Answer.of_question demands question) in
    print_endline
      (Line.object_ [ Line.key "name" (Line.quoted name); options; Line.key "question" line; Line.key "answer" answer ])

let () =
  match Array.to_list Sys.argv with
  | [ _; "compare"; program; questions; seed ] -> compare program questions seed
  | [ _; "cases" ] -> List.iter write_case Cases.all
  | _ ->
    prerr_endline "driver compare PROGRAM QUESTIONS SEED | driver cases";
    exit 2
