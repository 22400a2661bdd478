(* Asks the program random questions, and compares its answers with those of the model.

   driver compare PROGRAM QUESTIONS SEED
   driver cases: writes the small questions that have names, with the model's answers *)

let batch = 20_000
let shown = 5

let flags (demands : Question.demands) =
  (if demands.owner_required then [ "--require-owner" ] else []) @ if demands.group_required then [ "--require-group" ] else []

let disagreements = ref 0
let counts : (string, int) Hashtbl.t = Hashtbl.create 64
let count name = Hashtbl.replace counts name (1 + Option.value ~default:0 (Hashtbl.find_opt counts name))

let compare_line line expected said =
  count (Answer.name expected);
  if not (Answer.agrees expected said) then begin
    incr disagreements;
    if !disagreements <= shown then Printf.printf "the question %s\n  the model   %s\n  the program %s\n%!" line (Answer.text expected) said
  end

(* Questions that the program answers while the next ones are made. *)
type running = { asked : (string * Answer.expected) list; questions : string; answers : string; process : int }

let start program size =
  let demands = Random_question.demands () in
  let questions, channel = Filename.open_temp_file "questions" ".jsonl" in
  let asked = List.init size (fun _ ->
    let question, line = Random_question.question () in
    output_string channel line;
    output_char channel '\n';
    line, Answer.of_question demands question) in
  close_out channel;
  let answers = Filename.temp_file "answers" ".jsonl" in
  let output = Unix.openfile answers [ O_WRONLY; O_TRUNC ] 0o600 in
  let arguments = Array.of_list ([ program; "check"; "--lines"; "@" ^ questions ] @ flags demands) in
  let process = Unix.create_process program arguments Unix.stdin output Unix.stderr in
  Unix.close output;
  { asked; questions; answers; process }

let finish { asked; questions; answers; process } =
  (* The status says how the answers came out. *)
  (match snd (Unix.waitpid [] process) with
   | WEXITED (0 | 1 | 2 | 3) -> ()
   | WEXITED _ | WSIGNALED _ | WSTOPPED _ -> failwith "the program failed");
  let channel = open_in answers in
  List.iter (fun (line, expected) -> compare_line line expected (input_line channel)) asked;
  (match input_line channel with
   | _ -> failwith "the program gave more answers than there were questions"
   | exception End_of_file -> ());
  close_in channel;
  Sys.remove questions;
  Sys.remove answers

let compare program questions seed =
  Random.init (int_of_string seed);
  let rec from left running =
    let next = if left > 0 then Some (start program (min left batch)) else None in
    Option.iter finish running;
    if Option.is_some next then from (left - batch) next in
  from (int_of_string questions) None;
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
  Gc.set { (Gc.get ()) with minor_heap_size = 1 lsl 20; space_overhead = 200 };
  match Array.to_list Sys.argv with
  | [ _; "compare"; program; questions; seed ] -> compare program questions seed
  | [ _; "cases" ] -> List.iter write_case Cases.all
  | _ ->
    prerr_endline "driver compare PROGRAM QUESTIONS SEED | driver cases";
    exit 2
