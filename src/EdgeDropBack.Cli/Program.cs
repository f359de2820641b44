Console.Error.WriteLine("edb");
return 2;
