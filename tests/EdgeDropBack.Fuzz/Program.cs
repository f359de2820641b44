using EdgeDropBack.Fuzz;

return Fuzzing.Run(args);
